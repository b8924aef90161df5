import { createHash } from "node:crypto";
import { Problem } from "@leasehold/kernel";
import { expect, test } from "vitest";
import { accountAuthenticator } from "./account-authenticator.ts";
import { type Credentials, firstOf } from "./authenticator.ts";
import { bearerAuthenticator } from "./bearer-authenticator.ts";
import { parseBearerTokens } from "./bearer-tokens.ts";
import type { SignedIn } from "./principal.ts";

const ADA: SignedIn = {
  issuer: "https://id.example",
  subject: "ada",
  email: undefined,
  emailVerified: false,
  displayName: undefined,
};
const JWT = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2ln";
const memberships = new Map([["customers/c", "ADMINISTRATOR"]] as const);

const calling = (authorization?: string): Credentials => ({
  header: (name) => (name === "authorization" ? authorization : undefined),
});

function authenticating(known: boolean) {
  return accountAuthenticator({
    verify: async (token) => {
      if (token !== JWT) throw new Problem("UNAUTHENTICATED");
      return ADA;
    },
    findAccount: async () =>
      known ? { account: "accounts/a", memberships, roles: ["SUPPORT"] } : undefined,
  });
}

test("whoever signed in is their account, or a person where there is none", async () => {
  expect(await authenticating(true)(calling(`Bearer ${JWT}`))).toEqual({
    kind: "account",
    account: "accounts/a",
    memberships,
    roles: ["SUPPORT"],
    signedIn: ADA,
  });
  expect(await authenticating(false)(calling(`Bearer ${JWT}`))).toEqual({
    kind: "person",
    signedIn: ADA,
  });
});

test("bearer secrets are somebody else's affair, and work beside", async () => {
  const sha256 = createHash("sha256").update("s3.cr3.t").digest("hex");
  const entry = { sha256, kind: "service", subject: "portal", permissions: ["*"] };
  const both = firstOf(
    authenticating(true),
    bearerAuthenticator(parseBearerTokens(JSON.stringify([entry]))),
  );
  expect(await both(calling("Bearer s3.cr3.t"))).toMatchObject({ service: "portal" });
  expect(await both(calling(`Bearer ${JWT}`))).toMatchObject({ kind: "account" });
  expect(await both(calling())).toBeUndefined();
});

test.each([`${JWT}x`, "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.", "eyJ.."])(
  "the token %s is looked at, and refused",
  async (token) => {
    await expect(authenticating(true)(calling(`Bearer ${token}`))).rejects.toMatchObject({
      reason: "UNAUTHENTICATED",
    });
  },
);
