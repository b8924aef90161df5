import { expect, test } from "vitest";
import type { CustomerRole, Principal } from "../auth/principal.ts";
import { refusalOf } from "./authorise.ts";

type Method = Parameters<typeof refusalOf>[0];

const method = (given: Partial<Method>): Method => ({
  open: false,
  kinds: new Set(["service", "administrator", "account"]),
  permission: "licenses.read",
  services: new Set(["activation"]),
  customerRole: "USER",
  ...given,
});
const service = (name: string, ...permissions: readonly string[]): Principal => ({
  kind: "service",
  service: name,
  permissions: new Set(permissions),
});
const account = (...roles: readonly CustomerRole[]): Principal => ({
  kind: "account",
  account: "accounts/1",
  memberships: new Map(roles.map((role, index) => [`customers/${index}`, role])),
});
const told = (given: Partial<Method>, principal: Principal) =>
  refusalOf(method(given), principal)?.reason ?? "let in";

test.each([
  ["that its rule names, with its permission", service("activation", "licenses.read"), "let in"],
  ["that its rule names, with every permission", service("activation", "*"), "let in"],
  ["that its rule names, without its permission", service("activation"), "PERMISSION_DENIED"],
  ["of another name, with every permission", service("console", "*"), "PERMISSION_DENIED"],
  ["of a name that begins alike", service("activation2", "*"), "PERMISSION_DENIED"],
  ["of a name in other letters", service("Activation", "*"), "PERMISSION_DENIED"],
])("of a service %s: %s", (_, principal, answer) => {
  expect(told({}, principal)).toBe(answer);
});

test.each([
  [[], undefined, "let in"],
  [[], "USER", "let in"],
  [[], "ADMINISTRATOR", "PERMISSION_DENIED"],
  [["USER"], "USER", "let in"],
  [["USER", "USER"], "ADMINISTRATOR", "PERMISSION_DENIED"],
  [["USER", "ADMINISTRATOR"], "ADMINISTRATOR", "let in"],
  [["ADMINISTRATOR"], "USER", "let in"],
] as const)("an account that is %j somewhere, where %s is needed: %s", (roles, needed, answer) => {
  expect(told({ customerRole: needed }, account(...roles))).toBe(answer);
});

test("nobody without credentials is let in, unless the method is open to anyone", () => {
  expect(told({}, { kind: "anyone" })).toBe("UNAUTHENTICATED");
  expect(told({ open: true }, { kind: "anyone" })).toBe("let in");
});
