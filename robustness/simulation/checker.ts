import type { LossCause } from "../../packages/client/src/held-lease.ts";
import type { Seat } from "../../packages/client/src/seat.ts";
import type { Application } from "./application.ts";
import type { Entitlements } from "./entitlements.ts";
import type { RedisNode } from "./redis-node.ts";
import { EVERYBODY, type Troubles } from "./troubles.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** What must not happen. */
export type ViolationKind =
  /** Somebody has a seat although those who have had theirs for longer take the largest capacity in force during the last span. */
  | "too-many"
  /** A holder that relied on its seat was told that it is gone, and nobody took it back. */
  | "holder-refused"
  /** A holder lost its seat although its heartbeats could be answered in time. */
  | "holder-lost"
  /** A later grant has a fence that is not greater. */
  | "fence-fell"
  /** One lease has two fences, and its data were not lost in between. */
  | "two-fences"
  /** Somebody who came later was served first, while nothing was out of order. */
  | "overtaken"
  /** A seat was there, nothing out of order, and somebody who waited did not get it. */
  | "starved"
  /** Something is left in the sets of a pool that nobody uses. */
  | "not-drained"
  /** Something was thrown that is no problem of the contract. */
  | "defect";

export interface Violation {
  readonly kind: ViolationKind;
  /** In milliseconds of virtual time. */
  readonly at: number;
  readonly text: string;
}

export interface CheckerParts {
  readonly time: VirtualTime;
  readonly entitlements: Entitlements;
  readonly troubles: Troubles;
  readonly validityMs: number;
  readonly graceMs: number;
  readonly applications: () => readonly Application[];
  /** The nodes that take writes from somebody. */
  readonly serving: () => readonly RedisNode[];
  readonly brokers: readonly string[];
  readonly violated: (violation: Violation) => void;
}

interface Wish {
  readonly app: Application;
  readonly askedAt: number;
  queuedAt: number | undefined;
  overtakenBy: string | undefined;
}

/** How much later than the one who came after it may somebody be served who waits in the queue. */
const TURN_MS = 3_000;
/** What of a validity may pass without an answer, when a seat-broker is out of order too. */
const BUDGET = { usual: 0.3, withBroker: 0.1 };

/** Looks after each event at what must hold. */
export class Checker {
  readonly #parts: CheckerParts;
  readonly #wishes = new Map<Application, Wish>();
  /** Revision -> since when no script decides by it any more. */
  readonly #settled = new Map<bigint, number>();
  #fence = 0n;
  /** Lease -> the fence that it was granted with last. */
  readonly #fences = new Map<string, bigint>();
  /** Who relied on a seat before this event. */
  #holders: ReadonlySet<Application> = new Set();
  /** Who has a seat, in the order in which they got it -> what the capacity was then. */
  readonly #capacityWhenBegun = new Map<Application, number>();
  /** The time during which all seats were held, and all time. */
  atCapMs = 0;
  lost = 0;
  #seenAt = 0;

  constructor(parts: CheckerParts) {
    this.#parts = parts;
  }

  /** The largest capacity in force during the last span. */
  get capacity(): number {
    const { entitlements, validityMs, graceMs, time } = this.#parts;
    const counts = ({ revision }: { readonly revision: bigint }): boolean =>
      (this.#settled.get(revision) ?? Number.POSITIVE_INFINITY) > time.now - validityMs - graceMs;
    return Math.max(
      ...entitlements.all
        .filter((pool) => pool === entitlements.newest || counts(pool))
        .map(({ terms }) => terms.seats + terms.policy.overdraft),
    );
  }

  afterEvent(): void {
    const { time, applications, entitlements } = this.#parts;
    this.#settle();
    const holders = new Set(applications().filter((app) => app.holds));
    this.#count(holders);
    if (holders.size >= entitlements.newest.terms.seats) this.atCapMs += time.now - this.#seenAt;
    this.#seenAt = time.now;
    this.#holders = holders;
  }

  /** Lowering the capacity takes no seat away: it counts for those who get one later. */
  #count(holders: ReadonlySet<Application>): void {
    for (const app of this.#capacityWhenBegun.keys())
      if (!holders.has(app) && !app.process.isAsleep) this.#capacityWhenBegun.delete(app);
    for (const app of holders)
      if (!this.#capacityWhenBegun.has(app)) this.#capacityWhenBegun.set(app, this.capacity);
    let count = 0;
    for (const [app, capacity] of this.#capacityWhenBegun) {
      if (!holders.has(app)) continue;
      count += 1;
      if (count > capacity)
        return this.#violated("too-many", `${namesOf(holders)} rely on a seat, of ${capacity}`);
    }
  }

  asks(app: Application): void {
    const askedAt = this.#parts.time.now;
    this.#wishes.set(app, { app, askedAt, queuedAt: undefined, overtakenBy: undefined });
  }

  queued(app: Application): void {
    const wish = this.#wishes.get(app);
    if (wish) wish.queuedAt = this.#parts.time.now;
  }

  answered(app: Application, seat: Seat | undefined): void {
    const wish = this.#wishes.get(app);
    this.#wishes.delete(app);
    if (seat && wish) this.#checkOrder(wish);
  }

  forget(app: Application): void {
    this.#wishes.delete(app);
  }

  /** @returns whether a lease was granted with this fence before: then it is the same grant */
  isGranted(lease: string, fence: bigint): boolean {
    return this.#fences.get(lease) === fence;
  }

  /** A script granted a lease that there was not. */
  granted(lease: string, fence: bigint): void {
    const known = this.#fences.get(lease);
    this.#fences.set(lease, fence);
    // An epoch ends where data are lost.
    if (known !== undefined && known >> 32n === fence >> 32n)
      this.#violated("two-fences", `${lease} has fence ${fence}, and had ${known}`);
    if (fence <= this.#fence)
      this.#violated("fence-fell", `${lease} has fence ${fence}, after ${this.#fence}`);
    this.#fence = fence;
  }

  ended(app: Application, cause: LossCause | "revoked" | "released"): void {
    if (cause !== "refused" && cause !== "silence") return;
    this.lost += 1;
    const { validityMs, troubles, brokers } = this.#parts;
    if (cause === "refused") {
      if (this.#holders.has(app))
        this.#violated("holder-refused", `${app.process.name} relied on its seat`);
      return;
    }
    const ms = (validityMs / app.process.rate) * 1.02;
    const broken = brokers.filter((broker) => troubles.within(ms, [broker]) > 0);
    // One that is out of order costs the time to turn to another one; of several, all may be.
    const scopes = [EVERYBODY, app.process.name, ...(broken.length > 1 ? broken : [])];
    const out = troubles.within(ms, scopes);
    const budget = validityMs * (broken.length > 0 ? BUDGET.withBroker : BUDGET.usual);
    if (out < budget)
      this.#violated("holder-lost", `${app.process.name}, after ${Math.round(out)} ms of trouble`);
  }

  defect(failure: unknown): void {
    const text = failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
    this.#violated("defect", text);
  }

  /** @param servedAt who had a seat by now */
  atEnd(waiting: readonly Application[]): void {
    if (waiting.length > 0) this.#violated("starved", `${namesOf(new Set(waiting))} got no seat`);
  }

  notDrained(left: Readonly<Record<string, number>>): void {
    if (Object.values(left).some((count) => count > 0))
      this.#violated("not-drained", JSON.stringify(left));
  }

  /** Notes since when no serving node has terms older than the newest. */
  #settle(): void {
    const { serving, entitlements, time } = this.#parts;
    if (this.#settled.size === entitlements.all.length - 1) return;
    const oldest = Math.min(...serving().map(({ revision }) => revision));
    for (const { revision } of entitlements.all)
      if (revision < oldest && !this.#settled.has(revision)) this.#settled.set(revision, time.now);
  }

  #checkOrder(served: Wish): void {
    const { time, troubles } = this.#parts;
    const quiet = troubles.quietSince();
    if (quiet === undefined) return;
    for (const { app, queuedAt } of this.#wishes.values()) {
      if (queuedAt === undefined || queuedAt < quiet || !(queuedAt < served.askedAt)) continue;
      const wish = this.#wishes.get(app);
      time.in(TURN_MS, () => {
        const now = troubles.quietSince();
        if (this.#wishes.get(app) === wish && now !== undefined && now <= quiet)
          this.#violated(
            "overtaken",
            `${app.process.name} waits since ${Math.round(queuedAt)}, ${served.app.process.name} asked at ${Math.round(served.askedAt)} and has a seat`,
          );
      });
    }
  }

  #violated(kind: ViolationKind, text: string): void {
    this.#parts.violated({ kind, text, at: this.#parts.time.now });
  }
}

function namesOf(apps: ReadonlySet<Application>): string {
  return [...apps].map(({ process }) => process.name).join(", ");
}
