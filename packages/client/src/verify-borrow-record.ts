import type { Clock } from "@leasehold/kernel";
import { type BorrowClaims, type TrustBundle, verifyBorrow } from "@leasehold/license-format";
import { type BorrowClock, clockAfterRestart } from "./borrow-clock.ts";
import type { BorrowDirectory, BorrowRecord } from "./borrow-directory.ts";
import type { ElapsedClock } from "./suspend-aware-clock.ts";

/** What a kept borrow is verified against: that it is this installation's own. */
export interface BorrowOwner {
  readonly trust: TrustBundle;
  readonly publicKeyThumbprint: string;
  /** `products/{product}`; any if absent. */
  readonly product?: string;
}

/** A kept borrow that this installation may rely on, and the clock to do it by; or that it is over. */
export type VerifiedRecord =
  | { readonly kind: "running"; readonly claims: BorrowClaims; readonly now: BorrowClock }
  | { readonly kind: "over" }
  | { readonly kind: "foreign" };

/** Verifies a borrowed seat that an earlier process kept. Needs no connection. */
export async function verifyBorrowRecord(
  record: BorrowRecord,
  owner: BorrowOwner,
  directory: Pick<BorrowDirectory, "seen">,
  clocks: { readonly clock: Pick<Clock, "now">; readonly elapsed: ElapsedClock },
): Promise<VerifiedRecord> {
  const { behindMs, borrow, lease } = record;
  const { trust, publicKeyThumbprint, product } = owner;
  const own = product === undefined ? { publicKeyThumbprint } : { publicKeyThumbprint, product };
  const now = clockAfterRestart(clocks, { behindMs, seen: await directory.seen(lease) });
  const read = await verifyBorrow(borrow, trust, { ...own, now: now() });
  if (read.kind === "refused") return { kind: read.fault === "expired" ? "over" : "foreign" };
  const { claims } = read;
  const isThatLease = claims.lease === Buffer.from(lease, "hex").toString("base64url");
  return isThatLease ? { kind: "running", claims, now } : { kind: "foreign" };
}
