import { durationFromMs, LicenseModel, LicenseState, seatBroker } from "@leasehold/contracts";
import type { LicenseTerms } from "@leasehold/contracts";
import type { Uuid } from "@leasehold/kernel";
import type { Seat } from "../domain/holder.ts";
import { leaseIdOf } from "../domain/lease-id.ts";
import type { PageTokens } from "../domain/page-token.ts";
import type { Pool, Terms } from "../domain/pool.ts";
import type { GrantedLease } from "../use-cases/acquire-seat.ts";
import type { SeatPage } from "../use-cases/list-seats.ts";
import type { Renewal } from "../use-cases/renew-leases.ts";

const NO_TOKEN = Buffer.alloc(0);

const OUTCOME = {
  renewed: seatBroker.RenewalOutcome.RENEWED,
  expired: seatBroker.RenewalOutcome.EXPIRED,
  revoked: seatBroker.RenewalOutcome.REVOKED,
  retry: seatBroker.RenewalOutcome.RETRY,
  "token-invalid": seatBroker.RenewalOutcome.TOKEN_INVALID,
} as const satisfies Record<Renewal["kind"] | "token-invalid", seatBroker.RenewalOutcome>;

/** A heartbeat that is answered without asking Redis. */
export const TOKEN_INVALID = { kind: "token-invalid" } as const;

export function presentLease(leaseId: Buffer, granted: GrantedLease): seatBroker.Lease {
  return {
    leaseId,
    fencingToken: granted.fence,
    validity: durationFromMs(granted.validityMs),
    heartbeat: durationFromMs(granted.heartbeatMs),
    token: granted.token,
  };
}

export function presentRenewal(
  leaseId: Buffer,
  renewal: Renewal | typeof TOKEN_INVALID,
): seatBroker.Renewal {
  const outcome = OUTCOME[renewal.kind];
  if (renewal.kind !== "renewed") return { leaseId, outcome, validity: undefined, token: NO_TOKEN };
  return { leaseId, outcome, validity: durationFromMs(renewal.validityMs), token: renewal.token };
}

export function presentChange(pool: Pool): seatBroker.LicenseChanged {
  return {
    license: pool.name,
    revision: pool.revision,
    state: LicenseState[pool.state],
    terms: presentTerms(pool.terms),
  };
}

export function presentPage(
  { pool, live, seats, next }: SeatPage,
  tokens: PageTokens,
): seatBroker.ListSeatsResponse {
  const { name, revision, state, terms } = pool;
  return {
    seats: seats.map((seat) => presentSeat(pool.license, seat)),
    nextPageToken: next ? tokens.write(name, next) : "",
    pool: {
      license: name,
      revision,
      state: LicenseState[state],
      terms: presentTerms(terms),
      live,
    },
  };
}

function presentSeat(license: Uuid, seat: Seat): seatBroker.Seat {
  const { member, holder, fence, grantTime, expiry } = seat;
  return {
    leaseId: leaseIdOf(license, member).bytes,
    holder: holder && { ...holder, installation: `installations/${holder.installation}` },
    fencingToken: fence,
    grantTime: grantTime === undefined ? undefined : new Date(grantTime),
    expireTime: new Date(expiry),
  };
}

function presentTerms(terms: Terms): LicenseTerms {
  return {
    model: LicenseModel[terms.model],
    seats: terms.seats,
    features: terms.features.map(({ feature, limit }) =>
      limit === undefined ? { feature } : { feature, limit },
    ),
    startTime: new Date(terms.startTime),
    endTime: new Date(terms.endTime),
    leaseTimes: {
      validity: durationFromMs(terms.validityMs),
      grace: durationFromMs(terms.graceMs),
    },
  };
}
