import { Problem, type Uuid } from "@leasehold/kernel";
import { expect, test } from "vitest";
import { type Caller, mayActFor, mayAdminister, mayRead } from "./caller.ts";

const OWN = "0190b5a0-0000-7000-8000-00000000000a" as Uuid;
const FOREIGN = "0190b5a0-0000-7000-8000-00000000000b" as Uuid;
const SELF = "0190b5a0-0000-7000-8000-00000000000c" as Uuid;
const absent = () => new Problem("NOT_FOUND");

const PERSON: Caller = {
  kind: "person",
  person: {
    issuer: "https://id.example",
    subject: "ada",
    email: undefined,
    emailVerified: false,
    displayName: undefined,
  },
};
const as = (role: "ADMINISTRATOR" | "USER"): Caller => ({
  kind: "account",
  account: SELF,
  roles: new Map([[OWN, role]]),
  person: undefined,
});

function told(act: () => void): string {
  try {
    act();
    return "let on";
  } catch (thrown) {
    return (thrown as Problem).reason;
  }
}

test.each<readonly [who: string, caller: Caller, expected: readonly string[]]>([
  ["the vendor", { kind: "vendor" }, ["let on", "let on", "let on", "let on"]],
  ["an administrator", as("ADMINISTRATOR"), ["let on", "let on", "NOT_FOUND", "NOT_FOUND"]],
  ["a user", as("USER"), ["let on", "PERMISSION_DENIED", "NOT_FOUND", "NOT_FOUND"]],
  ["a person without an account", PERSON, ["NOT_FOUND", "NOT_FOUND", "NOT_FOUND", "NOT_FOUND"]],
])(
  "%s reads and administers their own customers, and knows of no others",
  (_, caller, expected) => {
    expect(
      [OWN, FOREIGN].flatMap((customer) => [
        told(() => mayRead(caller, customer, absent)),
        told(() => mayAdminister(caller, customer, absent)),
      ]),
    ).toEqual(expected);
  },
);

test("an account acts for itself, and the vendor for everybody", () => {
  expect(told(() => mayActFor(as("USER"), SELF))).toBe("let on");
  expect(told(() => mayActFor(as("ADMINISTRATOR"), FOREIGN))).toBe("NOT_FOUND");
  expect(told(() => mayActFor({ kind: "vendor" }, FOREIGN))).toBe("let on");
});
