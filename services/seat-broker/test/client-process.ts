import { msFromDuration, seatBroker } from "@leasehold/contracts";
import { isProblem } from "@leasehold/kernel";
import type { LeaseId } from "../src/domain/lease-id.ts";
import type { Pool } from "../src/domain/pool.ts";
import type { BrokerClient, Installation } from "./running-brokers.ts";
import { someLease } from "./some-pool.ts";

const { RenewalOutcome } = seatBroker;
const HOLDER = { installation: "", user: "u", host: "h", process: "p", applicationVersion: "1" };

/** What a client knows of its seat: it relies on it until the deadline, unless it stops before. */
export interface Held {
  readonly id: LeaseId;
  readonly fence: bigint;
  token: Buffer;
  /** On the monotonic clock, in milliseconds: when the call that was answered last was sent, and C more. */
  deadline: number;
  /** When it learned that it has the seat, and when it stopped relying on it. */
  readonly since: number;
  until: number | undefined;
}

/**
 * The least that a conforming client does, with every instant at which it relies on a seat
 * kept for a check afterwards.
 */
export class ClientProcess {
  readonly held: Held[] = [];
  readonly refusals: string[] = [];
  readonly #pool: Pool;
  readonly #broker: () => BrokerClient;

  constructor(pool: Pool, broker: BrokerClient | (() => BrokerClient)) {
    this.#pool = pool;
    this.#broker = typeof broker === "function" ? broker : () => broker;
  }

  static of(pool: Pool, { broker }: Installation): ClientProcess {
    return new ClientProcess(pool, broker);
  }

  /** Asks once; the reason why not, if there is no seat. */
  async acquire(id: LeaseId = someLease(this.#pool.license)): Promise<Held | string> {
    const sentAt = performance.now();
    try {
      const { lease } = await this.#broker().acquireSeat({
        leaseId: id.bytes,
        holder: HOLDER,
        claim: undefined,
      });
      const { fencingToken: fence, token, validity } = lease!;
      const deadline = sentAt + msFromDuration(validity!);
      const held: Held = { id, fence, token, deadline, since: performance.now(), until: undefined };
      this.held.push(held);
      return held;
    } catch (error) {
      if (!isProblem(error)) throw error;
      this.refusals.push(error.reason);
      return error.reason;
    }
  }

  /** Asks until there is a seat, or the limit in milliseconds has passed. */
  async acquireWithin(limitMs: number): Promise<Held> {
    const end = performance.now() + limitMs;
    const id = someLease(this.#pool.license);
    for (;;) {
      const outcome = await this.acquire(id);
      if (typeof outcome !== "string") return outcome;
      if (performance.now() > end) throw new Error(`no seat within ${limitMs} ms: ${outcome}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Sends one heartbeat for each seat that it relies on; the outcomes, by name. */
  async beat(seats: readonly Held[] = this.relying()): Promise<readonly string[]> {
    if (seats.length === 0) return [];
    const sentAt = performance.now();
    const heartbeats = seats.map(({ id, token }) => ({ leaseId: id.bytes, token }));
    let renewals: readonly seatBroker.Renewal[];
    try {
      ({ renewals } = await this.#broker().renewSeats({ heartbeats }));
    } catch (error) {
      if (!isProblem(error)) throw error;
      return seats.map(() => "RETRY");
    }
    return renewals.map((renewal, index) => take(seats[index]!, renewal, sentAt));
  }

  /** Beats until stopped, each quarter of the validity, sooner after a failure. */
  keepBeating(): () => Promise<void> {
    const stop = new AbortController();
    const pause = this.#pool.terms.validityMs / 8;
    const beating = (async () => {
      while (!stop.signal.aborted) {
        await this.beat();
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    })();
    return async () => {
      stop.abort();
      await beating;
    };
  }

  /** Stops relying on a seat, then gives it back; repeated if asked to. */
  async release(held: Held, times = 1): Promise<void> {
    held.until ??= performance.now();
    const { bytes: leaseId } = held.id;
    await Promise.all(Array.from({ length: times }, () => this.#broker().releaseSeat({ leaseId })));
  }

  /** The seats that it relies on now. */
  relying(): readonly Held[] {
    const now = performance.now();
    return this.held.filter(({ until, deadline }) => until === undefined && now < deadline);
  }
}

/** The largest number of seats that were relied on at one instant, of all these clients. */
export function mostHeldAtOnce(clients: readonly ClientProcess[]): number {
  const changes = clients
    .flatMap(({ held }) => held)
    .flatMap(({ since, until, deadline }) => [
      { at: since, by: 1 },
      { at: Math.min(until ?? Infinity, deadline), by: -1 },
    ])
    // Where one ends as another begins, the end comes first.
    .toSorted((a, b) => a.at - b.at || a.by - b.by);
  let now = 0;
  let most = 0;
  for (const { by } of changes) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}

function take(
  held: Held,
  { outcome, validity, token }: seatBroker.Renewal,
  sentAt: number,
): string {
  const now = performance.now();
  if (outcome === RenewalOutcome.RENEWED) {
    const deadline = sentAt + msFromDuration(validity!);
    // An answer after the deadline is discarded: the seat was given up.
    if (now < held.deadline && now < deadline) {
      held.deadline = Math.max(held.deadline, deadline);
      held.token = token;
    }
    return "RENEWED";
  }
  if (outcome === RenewalOutcome.RETRY) return "RETRY";
  held.until ??= Math.min(now, held.deadline);
  if (outcome === RenewalOutcome.EXPIRED) return "EXPIRED";
  return outcome === RenewalOutcome.REVOKED ? "REVOKED" : "TOKEN_INVALID";
}
