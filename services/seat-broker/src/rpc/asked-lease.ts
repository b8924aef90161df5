import type { Uuid } from "@leasehold/kernel";
import type { Check } from "@leasehold/service-kit";
import type { LeaseId } from "../domain/lease-id.ts";
import type { Caller } from "./caller.ts";

export const LEASE_ID_RULE = "must be the UUID of a license or a resource, and a UUIDv7, 32 bytes";

/** A lease that somebody speaks of. */
export interface AskedLease {
  /** Its pool. */
  readonly license: Uuid;
  readonly id: LeaseId;
  /** Not in the caller's own pool: the license by which it has to be a resource's. */
  readonly byLicense?: string;
}

/** Reads a lease id of the caller's own pool, or of one that is then to be a resource's of its license. */
export function readAskedLease(check: Check, bytes: Buffer, caller: Caller): AskedLease {
  const reading = caller.readLeaseId(bytes);
  if (reading.kind === "lease") return { license: caller.license, id: reading.id };
  if (reading.kind === "other-pool") {
    const { pool, id } = reading;
    return { license: pool, id, byLicense: caller.licenseName };
  }
  check.violation("lease_id", LEASE_ID_RULE);
  return undefined as never; // the request is then refused as a whole
}
