import type { seatBroker } from "@leasehold/contracts";
import { type Check, parseRequest } from "@leasehold/service-kit";
import type { Holder } from "../domain/holder.ts";
import type { LeaseId, LeaseIdReader } from "../domain/lease-id.ts";
import type { PageTokens } from "../domain/page-token.ts";
import { licenseNotFound } from "../domain/seat-problems.ts";
import type { TicketKeys } from "../domain/wait-ticket.ts";
import type { SeatPosition, SeatRequest, WaitRequest } from "../use-cases/ports.ts";
import type { Caller } from "./caller.ts";

/** How many heartbeats one message may carry. */
export const MOST_HEARTBEATS = 1_000;
const LONGEST_TEXT = 200;
const DEFAULT_PAGE = 100;
const LARGEST_PAGE = 500;

export function parseAcquire(request: seatBroker.AcquireSeatRequest, caller: Caller): SeatRequest {
  const { installation, license } = caller;
  const said = parseRequest((check) => ({
    id: leaseId(check, request.leaseId, caller.readLeaseId),
    holder: holder(check, request.holder),
  }));
  return { license, id: own(said.id), holder: { ...said.holder, installation } };
}

export function parseWait(
  request: seatBroker.WaitForSeatRequest,
  caller: Caller,
  tickets: TicketKeys,
): WaitRequest {
  const { installation, license } = caller;
  const { ticket } = request;
  const said = parseRequest((check) => {
    const id = leaseId(check, request.leaseId, caller.readLeaseId);
    const place = id && ticket.length > 0 ? tickets.read({ id, installation }, ticket) : undefined;
    if (id && ticket.length > 0 && !place)
      check.violation("ticket", "must be one that was given out for the lease id");
    return { id, place };
  });
  return { license, id: own(said.id), place: said.place };
}

export function parseRelease(request: seatBroker.ReleaseSeatRequest, caller: Caller): LeaseId {
  return own(parseRequest((check) => leaseId(check, request.leaseId, caller.readLeaseId)));
}

export function parseRenew({ heartbeats }: seatBroker.RenewSeatsRequest): void {
  parseRequest((check) =>
    check.list("heartbeats", heartbeats, { min: 1, max: MOST_HEARTBEATS }, () => undefined),
  );
}

/** What ListSeats asks for. */
export interface SeatQuery {
  readonly name: string;
  readonly pageSize: number;
  readonly after: SeatPosition | undefined;
}

export function parseList(request: seatBroker.ListSeatsRequest, tokens: PageTokens): SeatQuery {
  const { parent, pageSize, pageToken } = request;
  return parseRequest((check) => {
    check.name("parent", parent, "customers/{customer}/licenses/{license}");
    check.integer("page_size", pageSize, { min: 0, max: 2 ** 31 - 1 });
    const after = pageToken === "" ? undefined : tokens.read(parent, pageToken);
    if (pageToken !== "" && !after) check.violation("page_token", "must be one that was given out");
    return { name: parent, pageSize: Math.min(pageSize || DEFAULT_PAGE, LARGEST_PAGE), after };
  });
}

/** @returns `undefined` for a lease of another license */
function leaseId(check: Check, bytes: Buffer, read: LeaseIdReader): LeaseId | undefined {
  const reading = read(bytes);
  if (reading.kind === "malformed")
    check.violation("lease_id", "must be the license's UUID and a UUIDv7, 32 bytes");
  return reading.kind === "lease" ? reading.id : undefined;
}

/** A license that is not the caller's is answered like one that does not exist. */
function own(id: LeaseId | undefined): LeaseId {
  if (!id) throw licenseNotFound();
  return id;
}

function holder(check: Check, given: seatBroker.Holder | undefined): Omit<Holder, "installation"> {
  const text = (field: string, value = "") =>
    check.text(`holder.${field}`, value, { max: LONGEST_TEXT });
  return {
    user: text("user", given?.user),
    host: text("host", given?.host),
    process: text("process", given?.process),
    applicationVersion: text("application_version", given?.applicationVersion),
  };
}
