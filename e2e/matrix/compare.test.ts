import { PrincipalKind, RequiredRole } from "@leasehold/contracts";
import { expect, test } from "vitest";
import { surpriseOf } from "./compare.ts";
import { type CallersRule, expectedAtCustomer, expectedOfCall } from "./expectation.ts";
import { EVERYWHERE } from "./matrix-caller.ts";
import type { Observation } from "./observation.ts";

const RULE: CallersRule = {
  principals: [PrincipalKind.ADMINISTRATOR, PrincipalKind.ACCOUNT],
  permission: "licenses.read",
  customerRole: RequiredRole.USER,
  services: [],
};
const NOBODY = new Set<string>();

function seen(outcome: string, bytes = outcome): Observation {
  return { outcome, bytes, fields: [] };
}

const USER = { kind: "account", permissions: NOBODY, administers: false } as const;
const account = {
  standing: USER,
  knownAt: EVERYWHERE,
} as const;
const person = { standing: { kind: "person" }, knownAt: EVERYWHERE } as const;
const service = { standing: { kind: "service", service: "x" }, knownAt: EVERYWHERE } as const;

test("a server that keeps to the rule is no surprise", () => {
  expect(surpriseOf(expectedOfCall(RULE, account, "issuer"), seen("NOT_FOUND"))).toBeUndefined();
  expect(surpriseOf(expectedOfCall(RULE, account, "issuer"), seen("ANSWERED"))).toBeUndefined();
  const denied = seen("PERMISSION_DENIED");
  expect(surpriseOf(expectedOfCall(RULE, person, "issuer"), denied)).toBeUndefined();
});

const MISTAKES: readonly (readonly [
  string,
  CallersRule,
  Parameters<typeof expectedOfCall>[1],
  string,
])[] = [
  [
    "lets accounts in no more",
    { ...RULE, principals: [PrincipalKind.ADMINISTRATOR] },
    account,
    "ANSWERED",
  ],
  [
    "lets persons in as well",
    { ...RULE, principals: [...RULE.principals, PrincipalKind.PERSON] },
    person,
    "PERMISSION_DENIED",
  ],
  ["is for anybody", { ...RULE, principals: [PrincipalKind.ANYONE] }, person, "PERMISSION_DENIED"],
  [
    "names a service that is refused",
    { ...RULE, principals: [PrincipalKind.SERVICE], services: ["x"] },
    service,
    "PERMISSION_DENIED",
  ],
  [
    "names another service",
    { ...RULE, principals: [PrincipalKind.SERVICE], services: ["y"] },
    service,
    "ANSWERED",
  ],
];

test.each(MISTAKES)(
  "a rule that %s, which the server does not know of, is caught",
  (_, rule, who, outcome) => {
    expect(surpriseOf(expectedOfCall(rule, who, "issuer"), seen(outcome))).toMatch(/^expected /);
  },
);

test("a refusal of the wrong kind is caught", () => {
  const nobody = { standing: { kind: "nobody" }, knownAt: [] } as const;
  const expected = expectedOfCall(RULE, nobody, "issuer");
  expect(surpriseOf(expected, seen("UNAUTHENTICATED"))).toBeUndefined();
  expect(surpriseOf(expected, seen("PERMISSION_DENIED"))).toMatch(/^expected UNAUTHENTICATED/);
  expect(surpriseOf(expected, seen("INVALID_REQUEST"))).toMatch(/^expected UNAUTHENTICATED/);
});

test("what is another customer's is the same as what is not there, to the byte", () => {
  const expected = expectedAtCustomer(RULE, USER, undefined);
  const absent = seen("NOT_FOUND", "[5,there is none]");
  expect(surpriseOf(expected, absent, absent)).toBeUndefined();
  expect(surpriseOf(expected, seen("NOT_FOUND", "[5,not yours]"), absent)).toContain("is not");
  expect(surpriseOf(expected, seen("ANSWERED"), absent)).toMatch(/^expected absent/);
  expect(surpriseOf(expected, absent)).toContain("nothing to compare");
});

test("a role that is too little, or that the rule asks and the server does not, is caught", () => {
  const administers = { ...RULE, customerRole: RequiredRole.ADMINISTRATOR };
  const denied = expectedAtCustomer(administers, USER, "USER");
  expect(expectedAtCustomer(administers, USER, undefined)).toBe("PERMISSION_DENIED");
  const elsewhere = { ...USER, administers: true };
  expect(expectedAtCustomer(administers, elsewhere, undefined)).toBe("absent");
  expect(expectedAtCustomer(administers, elsewhere, "USER")).toBe("PERMISSION_DENIED");
  expect(surpriseOf(denied, seen("PERMISSION_DENIED"))).toBeUndefined();
  expect(surpriseOf(denied, seen("ANSWERED"))).toMatch(/^expected PERMISSION_DENIED/);
  const allowed = expectedAtCustomer(RULE, USER, "USER");
  expect(surpriseOf(allowed, seen("PERMISSION_DENIED"))).toMatch(/^expected found/);
  expect(surpriseOf(allowed, seen("NOT_FOUND"))).toMatch(/^expected found/);
});
