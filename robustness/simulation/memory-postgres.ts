import { Problem, type Uuid } from "@leasehold/kernel";
import type { Pool, PoolInForce } from "../../services/seat-broker/src/domain/pool.ts";
import type { FeedStore } from "../../services/seat-broker/src/use-cases/feed-ports.ts";
import type { PoolStore } from "../../services/seat-broker/src/use-cases/pool-ports.ts";
import type { UsageStore } from "../../services/seat-broker/src/use-cases/usage-ports.ts";
import type { Dice } from "./dice.ts";
import type { VirtualProcess } from "./virtual-process.ts";
import type { VirtualTime } from "./virtual-time.ts";

interface PoolRow {
  pool: Pool;
  epoch: bigint;
  longestLeaseMs: number;
  room: number;
}

/** Nobody drains a pool. */
const DRAIN = { drained: false, revision: 0n } as const;

/**
 * What the seat-brokers keep in Postgres, in memory. It keeps what it committed, and nothing is
 * asked of it here but that: its calls take time, fail, and may have been carried out all the same.
 */
export class MemoryPostgres {
  isUp = true;
  /** How many calls of a hundred fail, before or after they were carried out. */
  failures = 0;
  /** Whether a new epoch is taken at each set-up, as it must be. */
  takesEpochs = true;
  readonly #pools = new Map<Uuid, PoolRow>();
  readonly #firstSeen = new Map<string, number>();
  readonly #time: VirtualTime;
  readonly #dice: Dice;

  constructor(time: VirtualTime, dice: Dice) {
    this.#time = time;
    this.#dice = dice;
  }

  poolsOf(broker: VirtualProcess): PoolStore {
    const ask = <T>(work: () => T): Promise<T> => this.#ask(broker, work);
    return {
      read: (license) => ask(() => inForce(this.#pools.get(license))),
      keep: (pool) => ask(() => this.#keep(pool)),
      start: (license) =>
        ask(() => {
          const row = this.#pools.get(license);
          const pool = inForce(row);
          if (!row || !pool) return undefined;
          if (this.takesEpochs || row.epoch === 0n) row.epoch += 1n;
          return { ...row, pool };
        }),
      readRestoration: (license) =>
        ask(() => {
          const row = this.#pools.get(license);
          return row && { epoch: row.epoch, revoked: [], borrowed: [] };
        }),
      crowded: () =>
        ask(() =>
          [...this.#pools].filter(([, row]) => row.room > roomOf(row.pool)).map(([key]) => key),
        ),
      uncrowd: (license, { epoch, revision }) =>
        ask(() => {
          const row = this.#pools.get(license);
          if (row?.epoch === epoch && row.pool.revision === revision) row.room = roomOf(row.pool);
        }),
      sight: ({ name, now }) =>
        ask(() => {
          const firstSeen = this.#firstSeen.get(name) ?? now;
          this.#firstSeen.set(name, firstSeen);
          return firstSeen;
        }),
    };
  }

  /** All licenses are in use. */
  usageOf(broker: VirtualProcess): Pick<UsageStore, "inUse"> {
    return {
      inUse: (after) =>
        this.#ask(broker, () => (after === undefined ? [...this.#pools.keys()] : [])),
    };
  }

  /** Each broker of a simulation follows from the start, which reads all that there is. */
  feedOf(broker: VirtualProcess): FeedStore {
    return {
      position: () => this.#ask(broker, () => 0n),
      advance: () => this.#ask(broker, () => undefined),
      trustBundle: () => Promise.resolve(undefined),
      keepTrustBundle: () => Promise.resolve(),
    };
  }

  #keep(pool: Pool): void {
    const row = this.#pools.get(pool.license);
    const { validityMs, graceMs } = pool.terms;
    if (!row) {
      const longestLeaseMs = validityMs + graceMs;
      this.#pools.set(pool.license, { pool, epoch: 0n, longestLeaseMs, room: roomOf(pool) });
    } else if (pool.revision > row.pool.revision) {
      row.pool = pool;
      row.longestLeaseMs = Math.max(row.longestLeaseMs, validityMs + graceMs);
      row.room = Math.max(row.room, roomOf(pool));
    }
  }

  #ask<T>(broker: VirtualProcess, work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const fail = (): void =>
        broker.deliver(() =>
          reject(new Problem("DEPENDENCY_UNAVAILABLE", { message: "the database is unavailable" })),
        );
      const there = this.#dice.between(0.5, 5);
      const fate = this.#dice.throw() * 100;
      this.#time.in(there, () => {
        if (!this.isUp || fate < this.failures / 2) return fail();
        const result = work();
        if (fate < this.failures) return fail();
        this.#time.in(this.#dice.between(0.5, 5), () => broker.deliver(() => resolve(result)));
      });
    });
  }
}

function inForce(row: PoolRow | undefined): PoolInForce | undefined {
  return row && { ...row.pool, drain: DRAIN };
}

function roomOf({ terms }: Pool): number {
  return terms.seats + terms.policy.overdraft;
}
