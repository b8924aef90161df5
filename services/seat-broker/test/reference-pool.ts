// What the scripts must do, told once more in plain code over plain maps and a clock of its
// own. Slow, single-threaded and without any of Redis' concerns.

import {
  type PoolName,
  poolsOf,
  type ReferenceClaim,
  type Room,
  seatsFor,
  setAside,
  unitsOf,
} from "./reference-claim.ts";
import { ReferenceQueue } from "./reference-queue.ts";

export interface ReferenceTerms {
  readonly usable: boolean;
  readonly seats: number;
  readonly overdraft: number;
  readonly spanMs: number;
  /** Of features, how many seats may use them; of groups, how many are kept. */
  readonly limits: ReadonlyMap<PoolName, number>;
}

export interface ReferenceRenewal {
  readonly id: string;
  readonly installation: string;
  readonly fence: string;
  readonly claim: ReferenceClaim;
  readonly tokenExpiry: number;
}

interface ReferenceLease {
  readonly fence: string;
  readonly installation: string;
  readonly claim: ReferenceClaim;
  expiry: number;
}

type Over = { readonly kind: "released" | "expired"; readonly until: number };

const REMEMBERED_MS = 60_000;

export class ReferencePool {
  now = 0;
  terms: ReferenceTerms;
  #longestSpanMs: number;
  /** Nobody who held a seat when there were more is refused when there are less. */
  #mostSeats: number;
  #readmittable = 0;
  #leases = new Map<string, ReferenceLease>();
  #over = new Map<string, Over>();
  #queue = new ReferenceQueue();
  /** The sub-pools, and sets of sharers, that were emptied, which nobody has noticed yet. */
  #lost = new Set<string>();
  /** The sub-pools that ever were in use since the pool was set up. */
  #begun = new Set<PoolName>();
  #learnUntil = 0;
  #epoch = 0;
  #seq = 0;
  #data: "none" | "sound" = "none";

  constructor(terms: ReferenceTerms) {
    this.terms = terms;
    this.#longestSpanMs = terms.spanMs;
    this.#mostSeats = terms.seats + terms.overdraft;
  }

  setTerms(terms: ReferenceTerms): void {
    this.terms = terms;
    this.#longestSpanMs = Math.max(this.#longestSpanMs, terms.spanMs);
    this.#mostSeats = Math.max(this.#mostSeats, terms.seats + terms.overdraft);
  }

  loseData(): void {
    this.#leases.clear();
    this.#over.clear();
    this.#queue.clear();
    this.#data = "none";
  }

  /** @param key of one letter, as the scripts name them, or of a sub-pool or set of sharers */
  loseKey(key: string): void {
    if (key === "m" || key === "t") this.#over.clear();
    if (["m", "z", "s", "h", "t", "x", "d"].includes(key)) this.#data = "none";
    if (["m", "q", "qt"].includes(key)) this.#queue.clear();
    if (key === "w") this.#queue.forgetClaims();
    if (this.#begun.has(key) || this.#shares().has(key)) this.#lost.add(key);
  }

  /** Longer than a waiter counts that nobody asks for. */
  passTime(ms: number): void {
    this.now += ms;
    this.#queue.clear();
  }

  restart(): void {
    this.#data = "none";
  }

  /** Whether it is set up, and was left alone since. */
  get sound(): boolean {
    return this.#data === "sound" && this.#lost.size === 0;
  }

  get learning(): boolean {
    return this.now < this.#learnUntil;
  }

  /** The units of a pool that live leases have. */
  live(pool: PoolName = ""): ReadonlySet<string> {
    const live = [...this.#leases].filter(([, { expiry }]) => expiry > this.now);
    const inPool = live.filter(([, { claim }]) => pool === "" || poolsOf(claim).includes(pool));
    return new Set(inPool.flatMap(([id, { claim }]) => unitsOf(id, claim)));
  }

  acquire(id: string, installation: string, claim: ReferenceClaim): string {
    this.#setUp();
    if (!this.terms.usable) return "suspended";
    const over = this.#over.get(id);
    if (over) return over.kind;
    const lease = this.#leases.get(id);
    if (lease && this.#isLost(lease.claim.share)) return this.#noticeLoss("recovering");
    if (lease) {
      if (lease.expiry <= this.now) return "expired";
      if (lease.installation !== installation) return "taken";
      this.#queue.leave(id);
      return this.#extend(lease);
    }
    if (this.learning) return "recovering";
    this.#reap();
    if (this.#anyLost(claim)) return this.#noticeLoss("recovering");
    const lacking = this.#lacking(id, claim);
    if (lacking !== undefined) return lacking === "" ? "full" : `full of ${lacking}`;
    this.#queue.leave(id);
    this.#seq += 1;
    const need = this.#need(id, claim, "");
    const beyond = need > 0 && this.live().size + need > this.terms.seats;
    const fence = `${this.#epoch}.${this.#seq}`;
    const granted = this.#take(id, { fence, installation, claim, expiry: 0 });
    return beyond ? `${granted} beyond` : granted;
  }

  wait(id: string, claim: ReferenceClaim): string {
    this.#setUp();
    const over = this.terms.usable ? this.#over.get(id)?.kind : "suspended";
    if (over !== undefined) {
      this.#queue.leave(id);
      return over;
    }
    const lease = this.#leases.get(id);
    if (lease && this.#isLost(lease.claim.share)) this.#noticeLoss("");
    else if (lease) return lease.expiry <= this.now ? "expired" : "turn";
    this.#queue.keep(id, claim);
    if (!this.learning) {
      this.#reap();
      if (this.#anyLost(claim)) this.#noticeLoss("");
      else if (this.#lacking(id, claim) === undefined) return "turn";
    }
    return `waiting behind ${this.#queue.ahead(id, claim.priority).length}`;
  }

  /** All of one batch: those that Redis knows first, then those that only their tokens can tell. */
  renew(asked: readonly ReferenceRenewal[]): readonly string[] {
    this.#setUp();
    const shares = asked.flatMap(({ id }) => this.#leases.get(id)?.claim.share ?? []);
    if (shares.some((share) => this.#isLost(share))) this.#noticeLoss("");
    const known = asked.map((one) => this.#renewKnown(one.id));
    const unknown = asked.filter((_, index) => known[index] === undefined);
    if (unknown.some(({ claim }) => this.#anyLostOf(claim))) this.#noticeLoss("");
    return asked.map((one, index) => known[index] ?? this.#readmit(one));
  }

  #renewKnown(id: string): string | undefined {
    const lease = this.#leases.get(id);
    if (!this.terms.usable) return "revoked";
    if (!lease || lease.expiry <= this.now) return this.learning ? undefined : "expired";
    this.#extend(lease);
    return "renewed";
  }

  #readmit({ id, installation, fence, claim, tokenExpiry }: ReferenceRenewal): string {
    if (tokenExpiry <= this.now || this.#over.has(id)) return "expired";
    // What is kept for groups does not count.
    const fits = claim.features.every(
      (pool) => this.#need(id, claim, pool) <= Math.max(0, this.#free(pool)),
    );
    const { seats, overdraft } = this.terms;
    const free = Math.max(seats + overdraft, this.#readmittable) - this.live().size;
    if (!fits || this.#need(id, claim, "") > Math.max(0, free)) return "expired";
    this.#take(id, { fence, installation, claim, expiry: 0 });
    return "renewed";
  }

  release(id: string, installation: string): string {
    this.#setUp();
    const lease = this.#leases.get(id);
    if (lease && lease.installation !== installation) return "taken";
    if (lease && this.#isLost(lease.claim.share)) this.#noticeLoss("");
    this.#leases.delete(id);
    this.#queue.leave(id);
    this.#over.set(id, { kind: "released", until: this.now + this.terms.spanMs + REMEMBERED_MS });
    this.#reap();
    return "released";
  }

  /** What a claim must wait for: a feature, or "" for seats; `undefined` for nothing. */
  #lacking(id: string, claim: ReferenceClaim): PoolName | undefined {
    this.#reapShare(claim.share);
    const room = this.#freeRoom();
    const now = this.#shortOf(id, claim, room);
    if (now !== undefined) return now;
    for (const wanted of this.#queue.ahead(id, claim.priority)) setAside(room, wanted);
    return this.#shortOf(id, claim, room);
  }

  #shortOf(id: string, claim: ReferenceClaim, room: Room): PoolName | undefined {
    const short = claim.features.find(
      (feature) => this.#need(id, claim, feature) > (room.features.get(feature) ?? Infinity),
    );
    if (short !== undefined) return short;
    return this.#need(id, claim, "") > seatsFor(room, claim.group) ? "" : undefined;
  }

  #freeRoom(): Room {
    const named = [...this.terms.limits.keys()];
    const free = (pool: PoolName) => [pool, Math.max(0, this.#free(pool))] as const;
    return {
      seats: this.#free(""),
      features: new Map(named.filter((pool) => pool.startsWith("f:")).map(free)),
      kept: new Map(named.filter((pool) => pool.startsWith("g:")).map(free)),
    };
  }

  #free(pool: PoolName): number {
    const { seats, overdraft, limits } = this.terms;
    const size = pool === "" ? seats + overdraft : (limits.get(pool) ?? Infinity);
    return size - this.live(pool).size;
  }

  #need(id: string, claim: ReferenceClaim, pool: PoolName): number {
    const live = this.live(pool);
    return unitsOf(id, claim).filter((unit) => !live.has(unit)).length;
  }

  #setUp(): void {
    if (this.#data === "sound") return;
    this.#data = "sound";
    this.#epoch += 1;
    this.#seq = 0;
    this.#queue.beginEpoch(this.#epoch);
    this.#readmittable = this.#mostSeats;
    // Leases that are here prove nothing.
    this.#leases.clear();
    this.#lost.clear();
    this.#begun.clear();
    this.#learnUntil = this.#epoch === 1 ? 0 : this.now + this.#longestSpanMs;
  }

  #noticeLoss(outcome: string): string {
    this.#data = "none";
    this.#setUp();
    return outcome;
  }

  #isLost(share: string): boolean {
    return this.#lost.has(`u:${share}`);
  }

  #anyLostOf(claim: ReferenceClaim): boolean {
    return this.#isLost(claim.share) || poolsOf(claim).some((pool) => this.#lost.has(pool));
  }

  #anyLost(claim: ReferenceClaim): boolean {
    const groups = [...this.terms.limits.keys()].filter((pool) => pool.startsWith("g:"));
    return this.#anyLostOf(claim) || groups.some((pool) => this.#lost.has(pool));
  }

  #shares(): ReadonlySet<string> {
    return new Set([...this.#leases.values()].map(({ claim }) => `u:${claim.share}`));
  }

  #take(id: string, lease: ReferenceLease): string {
    this.#leases.set(id, lease);
    for (const pool of poolsOf(lease.claim)) this.#begun.add(pool);
    return this.#extend(lease);
  }

  #extend(lease: ReferenceLease): string {
    lease.expiry = Math.max(lease.expiry, this.now + this.terms.spanMs);
    return `granted ${lease.fence}`;
  }

  /** Those who share a seat are forgotten when it is over, or when another one wants to share it. */
  #reap(): void {
    const kept = new Set<string>();
    for (const { claim, expiry } of this.#leases.values())
      if (expiry > this.now && claim.share !== "") kept.add(claim.share);
    this.#bury((lease) => !kept.has(lease.claim.share));
    for (const [id, { until }] of this.#over) if (until <= this.now) this.#over.delete(id);
  }

  #reapShare(share: string): void {
    if (share !== "") this.#bury(({ claim }) => claim.share === share);
  }

  #bury(which: (lease: ReferenceLease) => boolean): void {
    const until = this.now + this.terms.spanMs + REMEMBERED_MS;
    for (const [id, lease] of this.#leases) {
      if (lease.expiry > this.now || !which(lease)) continue;
      this.#leases.delete(id);
      this.#over.set(id, this.#over.get(id) ?? { kind: "expired", until });
    }
    for (const share of this.#lost)
      if (share.startsWith("u:") && !this.#shares().has(share)) this.#lost.delete(share);
  }
}
