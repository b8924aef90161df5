import type { Uuid } from "@leasehold/kernel";
import { expect, test } from "vitest";
import {
  accountName,
  invitationName,
  joinRequestName,
  parseAccountName,
  parseInvitationName,
  parseJoinRequestName,
} from "./account-names.ts";

const CUSTOMER = "0190b5a0-0000-7000-8000-00000000000a" as Uuid;
const ID = "0190b5a0-0000-7000-8000-00000000000b" as Uuid;
const REF = { customerId: CUSTOMER, id: ID };

test("a name is told and read back", () => {
  expect(accountName(ID)).toBe(`accounts/${ID}`);
  expect(parseAccountName(accountName(ID))).toBe(ID);
  expect(invitationName(REF)).toBe(`customers/${CUSTOMER}/invitations/${ID}`);
  expect(parseInvitationName(invitationName(REF))).toEqual(REF);
  expect(joinRequestName(REF)).toBe(`customers/${CUSTOMER}/joinRequests/${ID}`);
  expect(parseJoinRequestName(joinRequestName(REF))).toEqual(REF);
});

test.each(["", "accounts/ada", `accounts/${ID}/`, `customers/${ID}`, invitationName(REF)])(
  "%j names no account",
  (name) => expect(parseAccountName(name)).toBeUndefined(),
);

test.each([
  "",
  `customers/${CUSTOMER}/invitations/mine`,
  `customers/acme/invitations/${ID}`,
  joinRequestName(REF),
])("%j names no invitation", (name) => expect(parseInvitationName(name)).toBeUndefined());

test.each(["", `customers/acme/joinRequests/${ID}`, invitationName(REF)])(
  "%j names no request to join",
  (name) => expect(parseJoinRequestName(name)).toBeUndefined(),
);
