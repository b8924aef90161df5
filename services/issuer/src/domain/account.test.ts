import { expect, test } from "vitest";
import { mayLink, mayUnlink } from "./account.ts";

const identity = (subject: string) => ({ issuer: "https://id.example", subject });
const identities = (count: number) => ({
  identities: Array.from({ length: count }, (_, index) => identity(`s${index}`)),
});

test("an account has ten identities and no more", () => {
  expect(mayLink(identities(9))).toBe(true);
  expect(mayLink(identities(10))).toBe(false);
});

test("an identity is unlinked from an account that has it and another", () => {
  expect(mayUnlink(identities(2), identity("s0"))).toBe("unlink");
  expect(mayUnlink(identities(1), identity("s0"))).toBe("last");
});

test.each([
  ["another subject", identity("s9")],
  ["the same subject of another provider", { issuer: "https://other.example", subject: "s0" }],
  ["a subject in other letters", identity("S0")],
])("%s is not of the account", (_, other) => {
  expect(mayUnlink(identities(2), other)).toBe("not-linked");
});
