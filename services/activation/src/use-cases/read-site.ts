import { isProblem } from "@leasehold/kernel";
import type { LicenseState } from "../domain/license-facts.ts";
import { ALL_SEATS } from "../domain/site-grants.ts";
import type { SeatWish } from "../domain/seat-wish.ts";
import type { SiteClock } from "../domain/site-clock.ts";
import { noExchangeLog } from "../domain/site-problems.ts";
import type { AllotmentKeeper } from "./keep-allotment.ts";
import type { CertificateKeeper, CertificateStanding } from "./keep-certificates.ts";
import type { SiteState } from "./run-site.ts";
import type { SitePublication } from "./site-publication.ts";

/** How a site stands. Times are in milliseconds since 1970. */
export interface SiteReport {
  readonly deployment: string;
  readonly license: string;
  readonly licenseState: LicenseState | undefined;
  readonly revision: bigint;
  readonly wantedSeats: number;
  readonly heldSeats: number;
  readonly seats: number;
  readonly grantEndTime: number | undefined;
  readonly allotmentEndTime: number | undefined;
  readonly vendorContactTime: number | undefined;
  /** The reason of the error; empty if nothing was wrong. */
  readonly lastFailure: string;
  readonly exchangeLog: boolean;
  /** 32 bytes. */
  readonly trustRoot: Uint8Array;
  readonly certificates: CertificateStanding;
}

/** The switch of the exchange log. */
export interface ExchangeSwitch {
  enabled: boolean;
}

/** What telling of a site needs. */
export interface ReadSitePorts {
  readonly deployment: string;
  /** 32 bytes. */
  readonly trustRoot: Uint8Array;
  readonly wish: SeatWish;
  readonly state: Readonly<SiteState>;
  readonly publication: Pick<SitePublication, "facts" | "grants">;
  readonly keeper: Pick<AllotmentKeeper, "standing">;
  readonly certificates: Pick<CertificateKeeper, "standing">;
  readonly siteNow: SiteClock;
  /** `undefined` if no file is set for it. */
  readonly exchanges: ExchangeSwitch | undefined;
}

/** How the site stands right now, without asking the vendor. */
export async function readSite(ports: ReadSitePorts): Promise<SiteReport> {
  const { deployment, wish, state, publication, keeper, siteNow, exchanges } = ports;
  const { license, failure, contactTime } = state;
  const alive = license ? (await keeper.standing(license)).alive : [];
  const { facts, grants } = publication;
  const granting = facts !== undefined && grants !== undefined && grants.endTime > siteNow();
  return {
    deployment,
    license: license?.license ?? "",
    licenseState: license?.state,
    revision: facts?.revision ?? 0n,
    wantedSeats: wish.seats,
    heldSeats: alive.length,
    seats: granting ? (grants.seats.get(ALL_SEATS) ?? 0) : 0,
    grantEndTime: granting ? facts.terms.endTime : undefined,
    allotmentEndTime:
      alive.length === 0 ? undefined : Math.min(...alive.map(({ held }) => held.endTime)),
    vendorContactTime: contactTime,
    lastFailure: failure === undefined ? "" : isProblem(failure) ? failure.reason : "INTERNAL",
    exchangeLog: exchanges?.enabled ?? false,
    trustRoot: ports.trustRoot,
    certificates: await ports.certificates.standing(),
  };
}

/**
 * Turns the exchange log on or off.
 * @throws Problem STATE_CONFLICT if no file is set for it
 */
export function setExchangeLog({ exchanges }: ReadSitePorts, enabled: boolean): void {
  if (!exchanges) throw noExchangeLog();
  exchanges.enabled = enabled;
}
