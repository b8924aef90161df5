import { seatBroker } from "@leasehold/contracts";
import type { Client } from "@leasehold/rpc-client";
import { laterClient } from "./later-client.ts";
import type { ReachedService } from "./reach-service.ts";
import type { ServerSecurity } from "./server-security.ts";

const SERVICE = seatBroker.SeatBrokerServiceDefinition;

/** The functions of one seat-broker. */
export type BrokerClient = Client<typeof SERVICE>;

/** A connection to one seat-broker. */
export interface DialledBroker {
  readonly channel: AsyncDisposable;
  readonly client: BrokerClient;
}

/** Connects to the seat-broker of an address. */
export type Dial = (address: string) => DialledBroker;

/** How to connect over gRPC. */
export interface DialOptions {
  readonly security: ServerSecurity;
  /** What to show with each call. */
  readonly metadata: () => Promise<Record<string, string>>;
}

/** Connects over gRPC, which the first call waits for if it is not loaded yet. */
export function dialBroker(address: string, options: DialOptions): DialledBroker {
  const reaching = reach(address, options);
  const reached = reaching.catch(() => undefined); // told to whoever calls
  return {
    channel: { [Symbol.asyncDispose]: async () => (await reached)?.[Symbol.asyncDispose]() },
    client: laterClient(SERVICE, async () => (await reaching).client),
  };
}

async function reach(
  address: string,
  options: DialOptions,
): Promise<ReachedService<typeof SERVICE>> {
  const { reachService } = await import("./reach-service.ts");
  return reachService(SERVICE, address, options);
}
