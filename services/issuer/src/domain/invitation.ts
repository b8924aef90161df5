import { createHash } from "node:crypto";
import type { RandomBytes, Uuid } from "@leasehold/kernel";
import type { CustomerRole } from "./account.ts";

/** For how long an invitation may be accepted: 14 days. */
export const INVITATION_MS = 14 * 24 * 3_600_000;

/** What became of an invitation. */
export type InvitationState = "OPEN" | "ACCEPTED" | "WITHDRAWN";

/** Which invitation is meant. One of another customer's is none. */
export interface InvitationRef {
  readonly customerId: Uuid;
  readonly id: Uuid;
}

/** A place at a customer's that waits for one person. Times are milliseconds since 1970. */
export interface Invitation extends InvitationRef {
  readonly email: string;
  readonly role: CustomerRole;
  readonly state: InvitationState;
  readonly createTime: number;
  readonly expireTime: number;
}

const SECRET_BYTES = 32;
const SECRET_PREFIX = "lh_inv_";
const SECRET = /^lh_inv_[A-Za-z0-9_-]{43}$/;

/** A new secret: what accepts an invitation. */
export function newInvitationSecret(random: RandomBytes): string {
  return SECRET_PREFIX + Buffer.from(random(SECRET_BYTES)).toString("base64url");
}

/** Whether a text has the form of such a secret. */
export function isInvitationSecret(text: string): boolean {
  return SECRET.test(text);
}

/** What stands for a secret in the store. It has 256 random bits, so that a digest without salt will do. */
export function secretDigest(secret: string): Uint8Array {
  return createHash("sha256").update(secret).digest();
}

/** Whether an invitation may be accepted at `now`. */
export function mayAccept({ state, expireTime }: Invitation, now: number): boolean {
  return state === "OPEN" && now < expireTime;
}

/** Whether an invitation may be taken back: as long as nothing became of it, also once it has expired. */
export function mayWithdraw({ state }: Invitation): boolean {
  return state === "OPEN";
}
