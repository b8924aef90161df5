import { Problem } from "@leasehold/kernel";
import { ALL_SEATS } from "../src/domain/site-grants.ts";
import type { LicenseFacts, LicenseTerms } from "../src/domain/license-facts.ts";
import type { SiteLicense } from "../src/domain/site-license.ts";
import type { SiteSeat } from "../src/domain/site-seat.ts";
import { siteClock, type SiteClock } from "../src/domain/site-clock.ts";
import { AllotmentKeeper } from "../src/use-cases/keep-allotment.ts";
import { siteRound, type SitePorts, type SiteState } from "../src/use-cases/run-site.ts";
import { SitePublication } from "../src/use-cases/site-publication.ts";
import type { SiteStanding, SiteStore, Vendor } from "../src/use-cases/site-ports.ts";

export const SOLD = 6;
const VALIDITY_MS = 45_000;
const GRACE_MS = 10_000;
export const HOUR_MS = 3_600_000;
const SPAN_MS = VALIDITY_MS + GRACE_MS;
const NAME = "customers/acme/licenses/0199d3a5-7a00-7000-8000-000000000001";

interface VendorLease {
  readonly holder: "site" | "online";
  freeAt: number;
}

/**
 * A vendor's pool, a site and the site's pool, by what their contracts promise, in one time that
 * tests move. Holders at the site are the worst there can be: they renew for as long as they may.
 */
export class SiteWorld {
  now = 1_800_000_000_000;
  reachable = true;
  /** The vendor carries out what it is asked, and the answer is lost on its way. */
  losesAnswers = false;
  /** The vendor leases seats, and lends none. */
  refusesToLend = false;
  /** The site's seat-broker hears nothing of what is published. */
  feedStalls = false;
  vendorSeats = SOLD;
  readonly vendorLeases = new Map<string, VendorLease>();
  readonly #ended = new Set<string>();
  /** The site's pool: when each lease ends unless it is renewed. */
  sitePool: number[] = [];
  siteTerms: LicenseFacts | undefined;
  rows = new Map<string, SiteSeat>();
  published: LicenseFacts | undefined;
  seen = 0;
  #copy: Pick<SiteWorld, "rows" | "published" | "seen"> | undefined;
  #process: SiteProcess | undefined;
  #online = 0;

  get live(): { readonly site: number; readonly online: number; readonly allotted: number } {
    const held = [...this.vendorLeases.values()].filter(({ freeAt }) => freeAt > this.now);
    return {
      site: this.sitePool.filter((end) => end > this.now).length,
      online: held.filter(({ holder }) => holder === "online").length,
      allotted: held.filter(({ holder }) => holder === "site").length,
    };
  }

  get license(): SiteLicense {
    return {
      license: NAME,
      product: "products/studio",
      licensee: { name: "Ada", organization: "Acme" },
      state: "ACTIVE",
      terms: { ...TERMS, seats: this.vendorSeats },
      offlineDays: 1,
      certified: {},
    };
  }

  start(wishedSeats: number): void {
    this.#process = new SiteProcess(this, wishedSeats);
  }

  kill(): void {
    this.#process = undefined;
  }

  async round(): Promise<void> {
    await this.#process?.round();
    // The feed: what is published is durable, and goes on to the site's seat-broker.
    const facts = this.#process?.publication.facts;
    if (facts !== undefined) this.published = facts;
    const { published } = this;
    if (this.feedStalls || published === undefined) return;
    if (published.revision > (this.siteTerms?.revision ?? 0n)) this.siteTerms = published;
  }

  /** Time passes; whoever holds a seat at the site renews it while that is granted. */
  pass(ms: number): void {
    const step = 15_000;
    for (let left = ms; left > 0; left -= step) {
      this.now += Math.min(step, left);
      const granting = this.siteTerms !== undefined && this.now < this.siteTerms.terms.endTime;
      this.sitePool = this.sitePool.filter((end) => end > this.now);
      if (granting) this.sitePool = this.sitePool.map(() => this.now + SPAN_MS);
    }
  }

  /** Somebody at the site wants a seat. @returns whether they got it */
  acquireAtSite(): boolean {
    const terms = this.siteTerms?.terms;
    if (!terms || this.now >= terms.endTime || this.live.site >= terms.seats) return false;
    this.sitePool.push(this.now + SPAN_MS);
    return true;
  }

  releaseAtSite(): void {
    this.sitePool.pop();
  }

  /** Somebody works against the vendor's cluster, and never stops. */
  acquireOnline(): boolean {
    const { online, allotted } = this.live;
    if (online + allotted >= this.vendorSeats) return false;
    this.vendorLeases.set(`online ${this.#online++}`, {
      holder: "online",
      freeAt: Number.POSITIVE_INFINITY,
    });
    return true;
  }

  releaseOnline(): void {
    for (const [name, { holder }] of this.vendorLeases)
      if (holder === "online") this.vendorLeases.delete(name);
  }

  /** Makes a copy of the site's database. */
  keepCopy(): void {
    this.#copy = { rows: new Map(this.rows), published: this.published, seen: this.seen };
  }

  /** Puts the copy in the place of the database; no process survives that. */
  restoreCopy(): void {
    if (this.#copy === undefined) return;
    this.kill();
    this.rows = new Map(this.#copy.rows);
    this.published = this.#copy.published;
    this.seen = this.#copy.seen;
  }

  standing(): SiteStanding | undefined {
    const { siteTerms } = this;
    if (siteTerms === undefined) return undefined;
    return { revision: siteTerms.revision, live: new Map([[ALL_SEATS, this.live.site]]) };
  }

  lend: Vendor["lend"] = async ({ lease }, durationMs) => {
    if (!this.reachable) throw new Problem("DEPENDENCY_UNAVAILABLE");
    const known = this.vendorLeases.get(lease);
    if (this.#ended.has(lease) || (known && known.freeAt <= this.now)) {
      this.#ended.add(lease);
      throw new Problem("LEASE_EXPIRED");
    }
    const { online, allotted } = this.live;
    if (!known && online + allotted >= this.vendorSeats) throw new Problem("NO_SEATS");
    if (this.refusesToLend) {
      this.vendorLeases.set(lease, { holder: "site", freeAt: this.now + SPAN_MS });
      throw new Problem("BORROW_REFUSED");
    }
    const freeAt = Math.max(known?.freeAt ?? 0, this.now + durationMs);
    this.vendorLeases.set(lease, { holder: "site", freeAt });
    if (this.losesAnswers) throw new Problem("DEADLINE_EXCEEDED");
    return { borrow: "borrow", lastsMs: durationMs };
  };

  giveBack: Vendor["giveBack"] = async (lease) => {
    if (!this.reachable) throw new Problem("DEPENDENCY_UNAVAILABLE");
    this.vendorLeases.delete(lease);
    this.#ended.add(lease);
  };
}

const TERMS: LicenseTerms = {
  model: "FLOATING",
  seats: SOLD,
  features: [],
  startTime: 0,
  endTime: 4_000_000_000_000,
  leaseTimes: { validityMs: VALIDITY_MS, graceMs: GRACE_MS },
  seatPolicy: new Uint8Array(),
  passedTerms: new Uint8Array(),
};

/** One process of the site, on the world's database. */
class SiteProcess {
  readonly publication: SitePublication;
  readonly #ports: SitePorts;

  constructor(world: SiteWorld, seats: number) {
    const clock = { now: () => world.now, monotonic: () => world.now };
    const siteNow = siteClock(clock, world.seen);
    const store = storeOf(world);
    const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
    const wish = { seats, featureSeats: new Map<string, number>() };
    const { lend, giveBack } = world;
    const vendor = { lend, giveBack };
    const termMs = HOUR_MS;
    const keeper = new AllotmentKeeper({ store, vendor, siteNow, clock, random, wish, termMs });
    this.publication = publicationOf(world, siteNow);
    const state: SiteState = { license: world.license, contactTime: undefined, failure: undefined };
    this.#ports = {
      store,
      vendor: {
        watchLicense: () => ({ [Symbol.asyncIterator]: () => Iterator.from([]) as never }),
      },
      seatBroker: { standing: () => Promise.resolve(world.standing()) },
      keeper,
      certificates: { urge: () => undefined },
      publication: this.publication,
      state,
      process: "0199d3a5-7a00-7000-8000-000000000002" as SitePorts["process"],
      siteNow,
      pause: () => Promise.resolve(),
      random: () => 0,
      report: (event) => {
        if (event.kind === "round-failed") throw event.cause;
      },
    };
    this.#told = () => void (state.license = world.license);
  }

  readonly #told: () => void;

  async round(): Promise<void> {
    this.#told();
    await siteRound(this.#ports, new AbortController().signal);
  }
}

function publicationOf(world: SiteWorld, siteNow: SiteClock): SitePublication {
  const { published } = world;
  const ports = { siteNow, wallNow: () => world.now, clockErrorMs: 30_000 };
  return new SitePublication(ports, published, published?.revision ?? 0n);
}

function storeOf(world: SiteWorld): SiteStore {
  return {
    enter: () =>
      Promise.resolve({
        license: world.license,
        seenTime: world.seen,
        vendorContactTime: undefined,
      }),
    keepLicense: () => Promise.resolve(),
    noteTime: (now) => {
      world.seen = Math.max(world.seen, now);
      return Promise.resolve(true);
    },
    noteContact: () => Promise.resolve(),
    seats: () => Promise.resolve([...world.rows.values()]),
    ask: async (seat) => void world.rows.set(seat.lease, seat),
    hold: async (lease, { endTime, extendTime }) => {
      const row = world.rows.get(lease);
      if (row === undefined) return;
      const later = Math.max(row.held?.endTime ?? 0, endTime);
      world.rows.set(lease, { ...row, held: { endTime: later, extendTime } });
    },
    forget: async (lease) => void world.rows.delete(lease),
  };
}
