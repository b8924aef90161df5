import { guardedFolder, startRedis } from "@leasehold/testkit";
import { FaultProxy } from "./fault-proxy.ts";
import type { RedisSite } from "./redis-site.ts";
import { steppedClock } from "./stepped-clock.ts";

/** One Redis that writes everything to disk, with a way of its own for each seat-broker. */
export async function singleRedis(seatBrokers: number): Promise<RedisSite> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await guardedFolder("clock"));
  const clock = await steppedClock(folder.path);
  const preload = clock && { preload: clock.library };
  const server = stack.use(await startRedis({ appendonly: true, ...preload }));
  const port = Number(new URL(server.url).port);
  const links = await Promise.all(
    Array.from({ length: seatBrokers }, async () => stack.use(await FaultProxy.open(port))),
  );
  const seats = { ...server, clock };
  const letGo = stack.move();
  return {
    topology: "single",
    urls: links.map((link) => link.through(server.url)),
    links,
    hasClocks: clock !== undefined,
    primary: async () => seats,
    failover: undefined,
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}
