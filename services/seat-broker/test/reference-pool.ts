// What the scripts must do, told once more in plain code over plain maps and a clock of its
// own. Slow, single-threaded and without any of Redis' concerns.

export interface ReferenceTerms {
  readonly usable: boolean;
  readonly seats: number;
  readonly spanMs: number;
}

export interface ReferenceRenewal {
  readonly id: string;
  readonly installation: string;
  readonly fence: string;
  readonly tokenExpiry: number;
}

interface ReferenceLease {
  readonly fence: string;
  readonly installation: string;
  expiry: number;
}

type Over = { readonly kind: "released" | "expired"; readonly until: number };

const REMEMBERED_MS = 60_000;

export class ReferencePool {
  now = 0;
  terms: ReferenceTerms;
  #longestSpanMs: number;
  #leases = new Map<string, ReferenceLease>();
  #over = new Map<string, Over>();
  #confirmed = new Set<string>();
  /** The orders of those who wait, and of all who ever did: what their tickets say. */
  #queue = new Map<string, number>();
  #tickets = new Map<string, number>();
  #learnUntil = 0;
  #epoch = 0;
  #seq = 0;
  #waiters = 0;
  #data: "none" | "stale" | "sound" = "none";

  constructor(terms: ReferenceTerms) {
    this.terms = terms;
    this.#longestSpanMs = terms.spanMs;
  }

  setTerms(terms: ReferenceTerms): void {
    this.terms = terms;
    this.#longestSpanMs = Math.max(this.#longestSpanMs, terms.spanMs);
  }

  loseData(): void {
    this.#leases.clear();
    this.#over.clear();
    this.#confirmed.clear();
    this.#queue.clear();
    this.#data = "none";
  }

  /** Longer than a waiter counts that nobody asks for. */
  passTime(ms: number): void {
    this.now += ms;
    this.#queue.clear();
  }

  restart(): void {
    if (this.#data === "sound") this.#data = "stale";
  }

  live(): number {
    return [...this.#leases.values()].filter(({ expiry }) => expiry > this.now).length;
  }

  acquire(id: string, installation: string): string {
    this.#setUp();
    if (!this.terms.usable) return "suspended";
    const over = this.#over.get(id);
    if (over) return over.kind;
    const lease = this.#leases.get(id);
    if (lease) {
      if (lease.expiry <= this.now) return "expired";
      if (lease.installation !== installation) return "taken";
      if (this.#learning && !this.#confirmed.has(id)) return "recovering";
      this.#queue.delete(id);
      return this.#extend(lease);
    }
    if (this.#learning) return "recovering";
    this.#reap();
    if (this.terms.seats - this.live() <= this.#ahead(id)) return "full";
    this.#queue.delete(id);
    this.#seq += 1;
    const granted = { fence: `${this.#epoch}.${this.#seq}`, installation, expiry: 0 };
    this.#leases.set(id, granted);
    return this.#extend(granted);
  }

  wait(id: string): string {
    this.#setUp();
    const over = this.terms.usable ? this.#over.get(id)?.kind : "suspended";
    if (over !== undefined) {
      this.#queue.delete(id);
      return over;
    }
    const lease = this.#leases.get(id);
    if (lease && lease.expiry <= this.now) return "expired";
    if (lease && (!this.#learning || this.#confirmed.has(id))) return "turn";
    // Whoever shows no order from before comes last.
    const order = this.#tickets.get(id) ?? this.#epoch * 1e6 + ++this.#waiters;
    this.#queue.set(id, order);
    this.#tickets.set(id, order);
    const waiting = `waiting behind ${this.#ahead(id)}`;
    if (this.#learning) return waiting;
    this.#reap();
    return this.terms.seats - this.live() > this.#ahead(id) ? "turn" : waiting;
  }

  /** How many come before: all who wait, or those in front if it waits itself. */
  #ahead(id: string): number {
    const own = this.#queue.get(id) ?? Number.POSITIVE_INFINITY;
    return [...this.#queue.values()].filter((order) => order < own).length;
  }

  /** All of one batch: those that Redis knows first, then those that only their tokens can tell. */
  renew(asked: readonly ReferenceRenewal[]): readonly string[] {
    this.#setUp();
    const known = asked.map((one) => this.#renewKnown(one.id));
    return asked.map((one, index) => known[index] ?? this.#readmit(one));
  }

  #renewKnown(id: string): string | undefined {
    const lease = this.#leases.get(id);
    const alive = lease !== undefined && lease.expiry > this.now;
    if (!this.terms.usable) return alive || this.#learning ? "revoked" : "expired";
    if (!lease || !alive) return this.#learning ? undefined : "expired";
    if (this.#learning) this.#confirmed.add(id);
    this.#extend(lease);
    return "renewed";
  }

  #readmit({ id, installation, fence, tokenExpiry }: ReferenceRenewal): string {
    if (tokenExpiry <= this.now || this.#over.has(id)) return "expired";
    if (!this.#confirmed.has(id) && this.#confirmed.size >= this.terms.seats) return "expired";
    this.#confirmed.add(id);
    const returned = this.#leases.get(id) ?? { fence, installation, expiry: 0 };
    this.#leases.set(id, returned);
    this.#extend(returned);
    return "renewed";
  }

  release(id: string, installation: string): string {
    this.#setUp();
    const lease = this.#leases.get(id);
    if (lease && lease.installation !== installation) return "taken";
    this.#leases.delete(id);
    this.#confirmed.delete(id);
    this.#queue.delete(id);
    this.#over.set(id, { kind: "released", until: this.now + this.terms.spanMs + REMEMBERED_MS });
    this.#reap();
    return "released";
  }

  get #learning(): boolean {
    return this.now < this.#learnUntil;
  }

  #setUp(): void {
    if (this.#data === "sound") return;
    this.#data = "sound";
    this.#epoch += 1;
    this.#seq = 0;
    this.#waiters = 0;
    this.#confirmed.clear();
    this.#learnUntil = this.#epoch === 1 ? 0 : this.now + this.#longestSpanMs;
  }

  #extend(lease: ReferenceLease): string {
    lease.expiry = Math.max(lease.expiry, this.now + this.terms.spanMs);
    return `granted ${lease.fence}`;
  }

  #reap(): void {
    for (const [id, { expiry }] of this.#leases) {
      if (expiry > this.now) continue;
      this.#leases.delete(id);
      this.#over.set(id, this.#over.get(id) ?? this.#expired());
    }
    for (const [id, { until }] of this.#over) if (until <= this.now) this.#over.delete(id);
  }

  #expired(): Over {
    return { kind: "expired", until: this.now + this.terms.spanMs + REMEMBERED_MS };
  }
}
