import {
  durationFromMs,
  ChangePolicy,
  LicenseModel,
  LicenseState,
  type LicenseTerms,
  seatBroker,
  type SeatPolicy as ToldPolicy,
  SharingPolicy,
  type VersionRange as ToldRange,
} from "@leasehold/contracts";
import type { Uuid } from "@leasehold/kernel";
import type { VersionRange } from "@leasehold/license-format";
import type { Seat } from "../domain/seat.ts";
import { leaseIdOf } from "../domain/lease-id.ts";
import type { PageTokens } from "../domain/page-token.ts";
import type { Pool, PoolInForce, Terms } from "../domain/pool.ts";
import type { SeatPolicy } from "../domain/seat-policy.ts";
import { type VersionWarning, versionWarnings } from "../domain/version-rules.ts";
import type { GrantedLease } from "../use-cases/acquire-seat.ts";
import type { SeatPage } from "../use-cases/list-seats.ts";
import type { SubPool } from "../use-cases/ports.ts";

export function presentLease(leaseId: Buffer, granted: GrantedLease): seatBroker.Lease {
  return {
    leaseId,
    fencingToken: granted.fence,
    validity: durationFromMs(granted.validityMs),
    heartbeat: durationFromMs(granted.heartbeatMs),
    token: granted.token,
    overdraft: granted.overdraft,
  };
}

const WARNING = {
  CLIENT_OLDER: seatBroker.LeaseWarningKind.CLIENT_OLDER,
  CLIENT_NEWER: seatBroker.LeaseWarningKind.CLIENT_NEWER,
} as const satisfies Record<VersionWarning["kind"], seatBroker.LeaseWarningKind>;

export function presentWarnings(warnings: readonly VersionWarning[]): seatBroker.LeaseWarning[] {
  return warnings.map(({ kind, client, server }) => ({
    kind: WARNING[kind],
    clientVersion: client,
    serverVersion: server,
  }));
}

/** A pool as those are told of it who have its seats by this license. */
export function presentChange(pool: PoolInForce, byLicense: string): seatBroker.LicenseChanged {
  const { revision, drain } = pool;
  const told = { ...presentPoolNames(pool), revision, drained: drain.drained };
  // Whose resource is bound to another license has no part in that one.
  if (pool.boundTo !== undefined && pool.boundTo !== byLicense)
    return { ...told, license: "", state: LicenseState.REVOKED, terms: undefined };
  return { ...told, state: LicenseState[pool.state], terms: presentTerms(pool.terms) };
}

function presentPoolNames({ name, boundTo }: PoolInForce) {
  if (boundTo === undefined) return { license: name, resource: "" };
  return { license: boundTo, resource: name };
}

export function presentRevocation(
  license: Uuid,
  { member, reason }: { readonly member: string; readonly reason: string },
): seatBroker.SeatRevoked {
  return { leaseId: leaseIdOf(license, member).bytes, reason };
}

export function presentPage(
  { pool, standing, seats, next }: SeatPage,
  tokens: PageTokens,
): seatBroker.ListSeatsResponse {
  const { name, revision, state, terms } = pool;
  return {
    seats: seats.map((seat) => presentSeat(pool, seat)),
    nextPageToken: next ? tokens.write(name, next) : "",
    pool: {
      ...presentPoolNames(pool),
      revision,
      state: LicenseState[state],
      terms: presentTerms(terms),
      live: standing.live,
      waiting: standing.waiting,
      drained: pool.drain.drained,
      subPools: standing.subPools.map(presentSubPool),
      grantingRevision: standing.sure?.revision ?? 0n,
    },
  };
}

function presentSubPool({ scope, seats, live }: SubPool): seatBroker.SubPool {
  return {
    scope:
      "feature" in scope
        ? { $case: "feature", value: scope.feature }
        : { $case: "group", value: scope.group },
    seats,
    live,
  };
}

function presentSeat({ license, terms }: Pool, seat: Seat): seatBroker.Seat {
  const { member, holder, fence, grantTime, heartbeatTime, expiry, claim, state, overdraft } = seat;
  const { address, installation, serverVersion = "", ...said } = holder;
  return {
    leaseId: leaseIdOf(license, member).bytes,
    holder: { ...said, serverVersion, installation: `installations/${installation}` },
    fencingToken: fence,
    grantTime: new Date(grantTime),
    expireTime: new Date(expiry),
    heartbeatTime: heartbeatTime === undefined ? undefined : new Date(heartbeatTime),
    claim: { seats: claim.seats, features: [...claim.features] },
    address,
    state: seatBroker.SeatState[state],
    overdraft,
    warnings: presentWarnings(versionWarnings(terms.versions, holder)),
  };
}

export function presentTerms(terms: Terms): LicenseTerms {
  return {
    model: LicenseModel[terms.model],
    seats: terms.seats,
    features: [...terms.features],
    startTime: new Date(terms.startTime),
    endTime: new Date(terms.endTime),
    leaseTimes: {
      validity: durationFromMs(terms.validityMs),
      grace: durationFromMs(terms.graceMs),
    },
    seatPolicy: presentPolicy(terms.policy),
    trial: false,
    maintenanceEndTime: undefined,
    versions: presentRange(terms.versions.licensed),
    changePolicy: ChangePolicy[terms.changePolicy],
    installationPolicy: undefined,
    resources: 0,
  };
}

function presentRange(range: VersionRange | undefined): ToldRange | undefined {
  return range && { oldest: range.oldest ?? "", newest: range.newest ?? "" };
}

/** Whom the policy treats apart is for those to know who make it: clients get no names of others. */
function presentPolicy({ sharing, overdraft, offlineDays }: SeatPolicy): ToldPolicy {
  return {
    sharing: SharingPolicy[sharing],
    overdraft,
    offlineDays,
    groups: [],
    includeGroups: [],
    excludeGroups: [],
  };
}
