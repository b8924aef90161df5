import { createHash } from "node:crypto";
import type { Uuid } from "@leasehold/kernel";
import { expect, test } from "vitest";
import {
  INVITATION_MS,
  isInvitationSecret,
  mayAccept,
  mayWithdraw,
  newInvitationSecret,
  secretDigest,
} from "./invitation.ts";
import type { Invitation, InvitationState } from "./invitation.ts";

const invitation = (state: InvitationState): Invitation => ({
  customerId: "0190b5a0-0000-7000-8000-00000000000a" as Uuid,
  id: "0190b5a0-0000-7000-8000-00000000000b" as Uuid,
  email: "ada@acme.example",
  role: "USER",
  state,
  createTime: 1_000,
  expireTime: 1_000 + INVITATION_MS,
});

test("a secret spells 32 random bytes behind its prefix, and is kept as its SHA-256", () => {
  const secret = newInvitationSecret((length) => new Uint8Array(length).fill(255));
  expect(secret).toBe(`lh_inv_${"_".repeat(42)}8`);
  expect(isInvitationSecret(secret)).toBe(true);
  const digest = createHash("sha256").update(secret).digest("hex");
  expect(Buffer.from(secretDigest(secret)).toString("hex")).toBe(digest);
});

test.each([
  "",
  "a".repeat(43),
  `lh_inv_${"a".repeat(42)}`,
  `lh_inv_${"a".repeat(44)}`,
  `lh_inv_${"a".repeat(42)}=`,
  `lh_inv_${"a".repeat(43)}\n`,
  `LH_INV_${"a".repeat(43)}`,
])("%j is not the form of a secret", (text) => {
  expect(isInvitationSecret(text)).toBe(false);
});

test("an open invitation is accepted until the instant at which it expires", () => {
  const { expireTime } = invitation("OPEN");
  expect(mayAccept(invitation("OPEN"), expireTime - 1)).toBe(true);
  expect(mayAccept(invitation("OPEN"), expireTime)).toBe(false);
});

test.each<[InvitationState, boolean]>([
  ["OPEN", true],
  ["ACCEPTED", false],
  ["WITHDRAWN", false],
])("whether an invitation that is %s may be accepted or taken back: %s", (state, may) => {
  expect(mayAccept(invitation(state), 2_000)).toBe(may);
  expect(mayWithdraw(invitation(state))).toBe(may);
});
