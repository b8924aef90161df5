import type { BorrowClaims } from "@leasehold/license-format";
import type { Uuid } from "@leasehold/kernel";
import { unpackClaim } from "./claim.ts";
import type { Holder } from "./holder.ts";
import type { LeaseId } from "./lease-id.ts";

/** A borrowed seat, its times aside. */
export interface Borrow {
  readonly license: Uuid;
  readonly id: LeaseId;
  readonly holder: Holder;
  readonly fence: bigint;
  /** What it takes, packed. */
  readonly claim: string;
  readonly overdraft: boolean;
  /** In milliseconds of Redis' clock. */
  readonly grantTime: number;
}

/** A borrowed seat as it stands right now. Durations in milliseconds. */
export interface BorrowedLease extends Borrow {
  /** For how long its holder may rely on it. */
  readonly endsInMs: number;
  /** When its seat is free: later, for clocks differ. */
  readonly freeInMs: number;
}

/** What a borrowed seat's file says that the seat itself does not tell. */
export type FileFacts = Pick<
  BorrowClaims,
  "deployment" | "product" | "license" | "publicKeyThumbprint" | "id" | "issuedAt" | "endTime"
>;

/** What the file of a borrowed seat claims. */
export function borrowClaims({ id, holder, fence, claim }: Borrow, facts: FileFacts): BorrowClaims {
  const { installation, user, host, process } = holder;
  return {
    ...facts,
    ...unpackClaim(claim),
    installation: `installations/${installation}`,
    lease: id.bytes.toString("base64url"),
    fencingToken: fence,
    holder: { user, host, process },
  };
}
