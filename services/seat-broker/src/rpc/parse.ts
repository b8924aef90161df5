import { seatBroker } from "@leasehold/contracts";
import { type Check, parseRequest } from "@leasehold/service-kit";
import type { SeatClaim } from "../domain/claim.ts";
import type { Holder } from "../domain/holder.ts";
import type { SeatState } from "../domain/seat.ts";
import { licenseOfLeaseId } from "../domain/lease-id.ts";
import type { PageTokens } from "../domain/page-token.ts";
import { licenseNotFound } from "../domain/seat-problems.ts";
import type { SeatFilter } from "../domain/seat-filter.ts";
import type { TicketKeys } from "../domain/wait-ticket.ts";
import type { BorrowOrder } from "../use-cases/borrow-seat.ts";
import type { SeatPosition, SeatRequest, WaitRequest } from "../use-cases/ports.ts";
import type { RevokeRequest } from "../use-cases/revoke-seat.ts";
import { type AskedLease, LEASE_ID_RULE, readAskedLease } from "./asked-lease.ts";
import type { Caller } from "./caller.ts";
import { readPoolName } from "./pool-name.ts";

/** How many heartbeats one message may carry. */
export const MOST_HEARTBEATS = 1_000;
const LONGEST_TEXT = 200;
const LONGEST_CODE = 64;
const LONGEST_REASON = 500;
const MOST_SEATS = 100;
const MOST_FEATURES = 20;
const DEFAULT_PAGE = 100;
const LARGEST_PAGE = 500;

const SEAT_STATES = new Map<seatBroker.SeatState, SeatState | undefined>([
  [seatBroker.SeatState.UNSPECIFIED, undefined],
  [seatBroker.SeatState.HELD, "HELD"],
  [seatBroker.SeatState.REVOKED, "REVOKED"],
  [seatBroker.SeatState.BORROWED, "BORROWED"],
]);
/** The terms of a license may allow less. In milliseconds. */
const BORROW_TERM = { min: 3_600_000, max: 365 * 86_400_000 };

export function parseAcquire(
  request: seatBroker.AcquireSeatRequest,
  caller: Caller,
  address: string,
): SeatRequest {
  const { installation } = caller;
  const said = parseRequest((check) => ({
    ...readAskedLease(check, request.leaseId, caller),
    holder: holder(check, request.holder),
    claim: claim(check, request.claim),
  }));
  return { ...said, holder: { ...said.holder, installation, address } };
}

/** Who wants to wait, and by what its ticket is read. */
export interface WaitSource {
  readonly tickets: TicketKeys;
  readonly caller: Caller;
  readonly address: string;
}

export function parseWait(
  request: seatBroker.WaitForSeatRequest,
  { tickets, caller, address }: WaitSource,
): WaitRequest {
  const { installation } = caller;
  const { ticket } = request;
  const said = parseRequest((check) => {
    const lease = readAskedLease(check, request.leaseId, caller);
    const place =
      lease && ticket.length > 0 ? tickets.read({ id: lease.id, installation }, ticket) : undefined;
    if (lease && ticket.length > 0 && !place)
      check.violation("ticket", "must be one that was given out for the lease id");
    return {
      ...lease,
      place,
      holder: holder(check, request.holder),
      claim: claim(check, request.claim),
    };
  });
  return { ...said, holder: { ...said.holder, installation, address } };
}

export function parseRelease(request: seatBroker.ReleaseSeatRequest, caller: Caller): AskedLease {
  return parseRequest((check) => readAskedLease(check, request.leaseId, caller));
}

export function parseBorrow(request: seatBroker.BorrowSeatRequest, caller: Caller): BorrowOrder {
  const said = parseRequest((check) => ({
    ...readAskedLease(check, request.leaseId, caller),
    durationMs: check.duration("duration", request.duration, BORROW_TERM),
  }));
  return { ...caller, ...said, token: request.token };
}

export function parseRenew({ heartbeats }: seatBroker.RenewSeatsRequest): void {
  parseRequest((check) =>
    check.list("heartbeats", heartbeats, { min: 1, max: MOST_HEARTBEATS }, () => undefined),
  );
}

export function parseRevoke(
  { leaseId: bytes, reason, immediate }: seatBroker.RevokeSeatRequest,
  subject: string,
): RevokeRequest {
  const lease = licenseOfLeaseId(bytes);
  const said = parseRequest((check) => {
    if (!lease) check.violation("lease_id", LEASE_ID_RULE);
    return { reason: check.text("reason", reason, { max: LONGEST_REASON }) };
  });
  if (!lease) throw licenseNotFound();
  return { ...lease, ...said, immediate, subject };
}

/** The name of a license, or of a resource. */
export function parseLicense(
  request: seatBroker.DrainPoolRequest | seatBroker.ResumePoolRequest,
): string {
  return parseRequest((check) => readPoolName(check, "license", request.license));
}

/** What ListSeats asks for. */
export interface SeatQuery {
  readonly name: string;
  readonly pageSize: number;
  readonly after: SeatPosition | undefined;
  readonly filter: SeatFilter;
}

export function parseList(request: seatBroker.ListSeatsRequest, tokens: PageTokens): SeatQuery {
  const { parent, pageSize, pageToken } = request;
  return parseRequest((check) => {
    readPoolName(check, "parent", parent);
    check.integer("page_size", pageSize, { min: 0, max: 2 ** 31 - 1 });
    const after = pageToken === "" ? undefined : tokens.read(parent, pageToken);
    if (pageToken !== "" && !after) check.violation("page_token", "must be one that was given out");
    return {
      name: parent,
      pageSize: Math.min(pageSize || DEFAULT_PAGE, LARGEST_PAGE),
      after,
      filter: seatFilter(check, request.filter),
    };
  });
}

function seatFilter(check: Check, given: seatBroker.SeatFilter | undefined): SeatFilter {
  const { user = "", host = "", installation = "", feature = "" } = given ?? {};
  const { state = seatBroker.SeatState.UNSPECIFIED } = given ?? {};
  check.oneOf("filter.state", state, [...SEAT_STATES.keys()]);
  const text = (field: string, value: string) =>
    check.text(`filter.${field}`, value, { max: LONGEST_TEXT }) || undefined;
  const id =
    installation === ""
      ? undefined
      : check.name("filter.installation", installation, "installations/{installation}")
          .installation;
  return {
    user: text("user", user),
    host: text("host", host),
    installation: id,
    feature: text("feature", feature),
    state: SEAT_STATES.get(state),
  };
}

function claim(check: Check, given: seatBroker.SeatClaim | undefined): SeatClaim {
  const { seats = 0, features = [] } = given ?? {};
  check.integer("claim.seats", seats, { min: 0, max: MOST_SEATS });
  check.list("claim.features", features, { max: MOST_FEATURES }, (code, field) =>
    check.text(field, code, { min: 1, max: LONGEST_CODE }),
  );
  return { seats: seats || 1, features };
}

function holder(
  check: Check,
  given: seatBroker.Holder | undefined,
): Omit<Holder, "installation" | "address"> {
  const text = (field: string, value = "") =>
    check.text(`holder.${field}`, value, { max: LONGEST_TEXT });
  return {
    user: text("user", given?.user),
    host: text("host", given?.host),
    process: text("process", given?.process),
    applicationVersion: text("application_version", given?.applicationVersion),
    serverVersion: text("server_version", given?.serverVersion),
  };
}
