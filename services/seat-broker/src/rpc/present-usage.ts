import { durationFromMs, seatBroker } from "@leasehold/contracts";
import { type Uuid, uuidBytes } from "@leasehold/kernel";
import type { Holder } from "../domain/holder.ts";
import type { PageTokens } from "../domain/page-token.ts";
import type { Denial, Session, UsagePoint, UsageTotal } from "../domain/usage.ts";
import type { Page, Usage } from "../use-cases/read-usage.ts";
import { pageTokenOf } from "./parse-usage.ts";

export function presentSessions(
  { license, rows, next }: Page<Session>,
  scope: string,
  tokens: PageTokens,
): seatBroker.ListSessionsResponse {
  const position = next && { at: next.grantedAt, lease: next.lease };
  return {
    sessions: rows.map((session) => presentSession(license, session)),
    nextPageToken: position ? pageTokenOf(tokens, scope, position) : "",
  };
}

export function presentDenials(
  { license, rows, next }: Page<Denial>,
  scope: string,
  tokens: PageTokens,
): seatBroker.ListDenialsResponse {
  const position = next && { at: next.firstAt, lease: next.lease };
  return {
    denials: rows.map((denial) => presentDenial(license, denial)),
    nextPageToken: position ? pageTokenOf(tokens, scope, position) : "",
  };
}

export function presentUsage(usage: Usage, spanMs: number): seatBroker.GetUsageResponse {
  const { points, highWaterMark, users, hosts, features, countedUntil, dropped } = usage;
  return {
    points: points.map((point) => presentPoint(point, spanMs)),
    highWaterMark: highWaterMark && presentPoint(highWaterMark, spanMs),
    users: users.map(presentTotal),
    hosts: hosts.map(presentTotal),
    features: features.map(presentTotal),
    countedUntilTime: timeOf(countedUntil),
    droppedEntries: BigInt(dropped),
  };
}

function presentSession(license: Uuid, session: Session): seatBroker.SeatSession {
  const { lease, party, seats, features, fence, grantedAt, ended, overdraft, borrowed } = session;
  return {
    leaseId: leaseIdOf(license, lease),
    holder: presentHolder(party),
    address: party.address,
    claim: { seats, features: [...features] },
    fencingToken: fence,
    grantTime: new Date(grantedAt),
    endTime: timeOf(ended?.at),
    end: seatBroker.SessionEnd[ended?.end ?? "UNSPECIFIED"],
    overdraft,
    borrowed,
  };
}

function presentDenial(license: Uuid, denial: Denial): seatBroker.Denial {
  const { lease, party, seats, features, feature, live, waiting, attempts } = denial;
  return {
    leaseId: leaseIdOf(license, lease),
    holder: presentHolder(party),
    claim: { seats, features: [...features] },
    firstTime: new Date(denial.firstAt),
    lastTime: new Date(denial.lastAt),
    attempts,
    feature,
    live,
    waiting,
    cause: seatBroker.DenialCause[denial.cause],
    outcome: seatBroker.DenialOutcome[denial.outcome],
    grantTime: timeOf(denial.grantedAt),
  };
}

function presentPoint(point: UsagePoint, spanMs: number): seatBroker.UsagePoint {
  const { startsAt, peak, seatMs, seats, grants, denials, trueDenials } = point;
  const average = seatMs / spanMs;
  return { startTime: new Date(startsAt), peak, average, seats, grants, denials, trueDenials };
}

function presentTotal({ key, seatMs, sessions }: UsageTotal): seatBroker.UsageTotal {
  return { key, seatTime: durationFromMs(seatMs), sessions };
}

function presentHolder(party: Holder): seatBroker.Holder {
  const { installation, user, host, process, applicationVersion } = party;
  const name = `installations/${installation}`;
  return { installation: name, user, host, process, applicationVersion, serverVersion: "" };
}

function leaseIdOf(license: Uuid, lease: Uuid): Buffer {
  return Buffer.concat([uuidBytes(license), uuidBytes(lease)]);
}

function timeOf(ms: number | undefined): Date | undefined {
  return ms === undefined ? undefined : new Date(ms);
}
