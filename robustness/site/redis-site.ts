import type { RedisServer } from "@leasehold/testkit";
import type { FaultProxy } from "./fault-proxy.ts";
import type { SteppedClock } from "./stepped-clock.ts";
import type { Topology } from "./timings.ts";

/** Of each primary, where there are any: with two, one is left to follow the other that is promoted. */
export const REPLICAS = 2;

/** A server with seats. One of several has lost its data when it is started again. */
export interface SeatServer extends Pick<
  RedisServer,
  "url" | "kill" | "restart" | "pause" | "resume"
> {
  /** Its clock, where that can be stepped. */
  readonly clock: SteppedClock | undefined;
}

/** The Redis under test, of however many servers it consists. */
export interface RedisSite extends AsyncDisposable {
  readonly topology: Topology;
  /** What each seat-broker is configured with, in their order. */
  readonly urls: readonly string[];
  /** The way of each seat-broker to Redis, in their order; none where they find their way themselves. */
  readonly links: readonly FaultProxy[];
  /** Whether clocks can be stepped. */
  readonly hasClocks: boolean;
  /**
   * The server that has the seats now, as most servers tell. Not to be asked before there are any.
   * @throws if they do not agree
   */
  primary(): Promise<SeatServer>;
  /** What can be done where another server takes over. */
  readonly failover: Failover | undefined;
}

/** A primary with replicas. */
export interface Failover {
  /**
   * Cuts a server from all others without a word to anybody. Some seat-brokers stay with it and do not reach
   * the others any more; the others do not reach it.
   * @param staying numbers of those that stay, from 0
   */
  isolate(server: SeatServer, staying: readonly number[]): Promise<AsyncDisposable>;
  /** Starts a server that was killed as a replica of the present primary. */
  rejoin(server: SeatServer): Promise<void>;
  /** Moves the seats to another primary, in a cluster. */
  readonly moveSeats?: () => Promise<void>;
}
