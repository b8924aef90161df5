import type { LicenseFacts } from "../domain/license-facts.ts";
import { type SiteLicense, limitedFeatures } from "../domain/site-license.ts";
import {
  ALL_SEATS,
  mostLiveWith,
  type SeatCount,
  siteGrants,
  type SiteGrants,
} from "../domain/site-grants.ts";
import type { SiteClock } from "../domain/site-clock.ts";
import type { Allotment } from "./keep-allotment.ts";
import type { LicenseStep } from "./ports.ts";
import type { SiteStanding } from "./site-ports.ts";

/** What the publication needs. */
export interface PublicationPorts {
  readonly siteNow: SiteClock;
  /** The wall clock, which the site's seat-brokers know the end by. */
  readonly wallNow: () => number;
  readonly clockErrorMs: number;
}

/** An end that differs by less is the same. */
const SAME_END_MS = 1_000;

/**
 * The license as the site's own seat-brokers get it: the site's seats, until the site's end. Knows
 * how many leases may be live there: in a new process nobody knows, until the seat-broker has told.
 */
export class SitePublication {
  readonly #ports: PublicationPorts;
  #facts: LicenseFacts | undefined;
  #grants: SiteGrants | undefined;
  #revision: bigint;
  #mostLive: SeatCount | undefined;
  #news = Promise.withResolvers<void>();

  /**
   * @param before what an earlier process published last
   * @param revision of the last step that was published
   */
  constructor(ports: PublicationPorts, before: LicenseFacts | undefined, revision: bigint) {
    this.#ports = ports;
    this.#revision = revision;
    if (before === undefined) return;
    const { terms } = before;
    const limited = limitedFeatures(terms);
    const skew = ports.siteNow() - ports.wallNow();
    this.#grants = {
      seats: new Map([[ALL_SEATS, terms.seats], ...limited]),
      endTime: terms.endTime + skew,
    };
  }

  /** What is in force; `undefined` while nothing is. */
  get facts(): LicenseFacts | undefined {
    return this.#facts;
  }

  get grants(): SiteGrants | undefined {
    return this.#grants;
  }

  /** Whether more may be live than is handed out, or nobody knows. */
  get unsettled(): boolean {
    const [mostLive, seats] = [this.#mostLive, this.#grants?.seats];
    if (mostLive === undefined || seats === undefined) return true;
    return [...seats].some(([counter, count]) => (mostLive.get(counter) ?? count + 1) > count);
  }

  /** Takes in how the site's own seats stand; `undefined`: none was ever handed out. */
  settle(standing: SiteStanding | undefined, license: SiteLicense): void {
    if (standing === undefined && this.#facts === undefined) {
      this.#mostLive = countersOf(license, () => 0);
      this.#grants = undefined;
      return;
    }
    if (standing === undefined) return;
    if (standing.revision > (this.#facts?.revision ?? 0n)) {
      // The seat-broker knows of more than this copy of the database does: it is told anew.
      if (standing.revision > this.#revision) this.#revision = standing.revision;
      this.#grants ??= { seats: countersOf(license, () => 0), endTime: this.#ports.siteNow() };
      this.#facts = undefined;
      return;
    }
    if (this.#facts?.revision !== standing.revision) return;
    this.#mostLive = new Map(
      [...(this.#grants?.seats ?? [])].map(([counter, count]) => [
        counter,
        Math.max(count, standing.live.get(counter) ?? 0),
      ]),
    );
  }

  /** Publishes what follows from the license and the allotment, if it is news. */
  update(license: SiteLicense, { kept, alive }: Pick<Allotment, "kept" | "alive">): void {
    const { siteNow, wallNow, clockErrorMs } = this.#ports;
    const { terms } = license;
    const [now, mostLive, before] = [siteNow(), this.#mostLive, this.#grants];
    // Nothing was ever handed out, and nothing is now: the seat-brokers need not hear of it.
    if (before === undefined && (kept.length === 0 || mostLive === undefined)) return;
    const grants = siteGrants({ terms, kept, alive, mostLive, before, now, clockErrorMs });
    const endTime = Math.round(wallNow() + grants.endTime - now);
    const facts = this.#factsOf(license, grants.seats, endTime);
    if (this.#facts && isSame(this.#facts, facts)) return;
    this.#grants = grants;
    this.#mostLive = mostLiveWith(mostLive, grants.seats);
    this.#revision = facts.revision;
    this.#facts = facts;
    this.#news.resolve();
    this.#news = Promise.withResolvers<void>();
  }

  /** What is in force, then every change, until the signal aborts. */
  async *watch(signal: AbortSignal): AsyncGenerator<LicenseStep> {
    const aborted = new Promise<void>((resolve) =>
      signal.addEventListener("abort", () => resolve(), { once: true }),
    );
    let told: bigint | undefined;
    while (!signal.aborted) {
      const news = this.#news.promise;
      const license = this.#facts;
      if (license !== undefined && license.revision !== told) {
        told = license.revision;
        yield { feedRevision: license.revision, license };
      } else {
        await Promise.race([news, aborted]);
      }
    }
  }

  #factsOf(license: SiteLicense, seats: SeatCount, endTime: number): LicenseFacts {
    const { terms } = license;
    const floor = BigInt(Math.floor(this.#ports.siteNow()));
    return {
      license: license.license,
      // Ahead of what any copy of the database has seen.
      revision: floor > this.#revision ? floor : this.#revision + 1n,
      state: license.state,
      product: license.product,
      terms: {
        ...terms,
        seats: Math.max(1, seats.get(ALL_SEATS) ?? 0),
        features: terms.features.map((grant) =>
          grant.seats === undefined ? grant : { ...grant, seats: seats.get(grant.feature) ?? 0 },
        ),
        endTime: Math.max(endTime, terms.startTime + 1),
      },
    };
  }
}

function countersOf({ terms }: SiteLicense, count: () => number): SeatCount {
  return new Map([ALL_SEATS, ...limitedFeatures(terms).keys()].map((name) => [name, count()]));
}

function isSame(a: LicenseFacts, b: LicenseFacts): boolean {
  const told = ({ state, product, terms }: LicenseFacts) =>
    JSON.stringify({ state, product, ...terms, endTime: 0 }, (_, value: unknown) =>
      typeof value === "bigint"
        ? String(value)
        : value instanceof Uint8Array
          ? Buffer.from(value).toString("base64")
          : value,
    );
  return Math.abs(a.terms.endTime - b.terms.endTime) < SAME_END_MS && told(a) === told(b);
}
