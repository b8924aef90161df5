import { activation, LicenseState } from "@leasehold/contracts";
import type { SiteReport } from "../use-cases/read-site.ts";

/** A site as the contract shows it. */
export function presentSite(site: SiteReport): activation.Site {
  const { deployment, license, revision, wantedSeats, heldSeats, seats } = site;
  const { licenseState, lastFailure, exchangeLog } = site;
  return {
    deployment,
    license,
    licenseState: licenseState ? LicenseState[licenseState] : LicenseState.UNSPECIFIED,
    revision,
    wantedSeats,
    heldSeats,
    seats,
    grantEndTime: date(site.grantEndTime),
    allotmentEndTime: date(site.allotmentEndTime),
    vendorContactTime: date(site.vendorContactTime),
    lastFailure,
    exchangeLog,
    trustRoot: Buffer.from(site.trustRoot).toString("hex"),
    ...presentCertificates(site.certificates),
  };
}

function presentCertificates({
  state,
  endTime,
  issuedAt,
  trustVersion,
  failure,
}: SiteReport["certificates"]) {
  return {
    certificateState: activation.SiteCertificateState[state],
    certificateEndTime: date(endTime),
    certificateIssueTime: date(issuedAt),
    certificateFailure: failure,
    vendorTrustVersion: BigInt(trustVersion ?? 0),
  };
}

function date(ms: number | undefined): Date | undefined {
  return ms === undefined ? undefined : new Date(ms);
}
