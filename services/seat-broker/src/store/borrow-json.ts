import type { Uuid } from "@leasehold/kernel";
import { leaseIdOf } from "../domain/lease-id.ts";
import type { BorrowedLease } from "../domain/borrow.ts";
import { unpackHolder } from "./seat-facts.ts";

/** A borrowed seat as sql/read_restoration.sql tells it. */
export interface BorrowJson {
  readonly lease: string;
  readonly claim: string;
  readonly fence: string;
  readonly overdraft: boolean;
  readonly installation: Uuid;
  readonly holder: readonly string[];
  readonly granted_ms: number;
  readonly ends_ms: number;
  readonly free_ms: number;
}

export function borrowOfJson(license: Uuid, json: BorrowJson): BorrowedLease {
  return {
    license,
    id: leaseIdOf(license, json.lease),
    holder: { installation: json.installation, ...unpackHolder(JSON.stringify(json.holder)) },
    fence: BigInt(json.fence),
    claim: json.claim,
    overdraft: json.overdraft,
    grantTime: json.granted_ms,
    endsInMs: json.ends_ms,
    freeInMs: json.free_ms,
  };
}
