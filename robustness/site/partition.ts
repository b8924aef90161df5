import { open, type Placed, seatBrokerUser, shut } from "./replicated-servers.ts";
import type { Failover, SeatServer } from "./redis-site.ts";

/**
 * Two sides of a network: one server with some seat-brokers, and everything else.
 * @param sentinels their URLs, on the other side
 */
export function partition(
  { cutOff }: Pick<Placed, "cutOff">,
  servers: readonly SeatServer[],
  {
    seatBrokers,
    sentinels,
  }: { readonly seatBrokers: number; readonly sentinels: readonly string[] },
): Failover["isolate"] {
  return async (server, staying) => {
    const others = servers.filter((each) => each !== server).map(({ url }) => url);
    const numbers = Array.from({ length: seatBrokers }, (_, number) => number);
    const shutTo = (number: number) =>
      staying.includes(number) ? [...others, ...sentinels] : [server.url];
    const heal = cutOff(servers.indexOf(server));
    const ended = new AsyncDisposableStack();
    ended.defer(async () => {
      heal();
      await Promise.all(numbers.map((number) => open(shutTo(number), seatBrokerUser(number))));
    });
    try {
      await Promise.all(numbers.map((number) => shut(shutTo(number), seatBrokerUser(number))));
    } catch (error) {
      await ended.disposeAsync();
      throw error;
    }
    return ended;
  };
}
