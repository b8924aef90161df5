import { expect, test } from "vitest";
import { actingAs, type ActedOn } from "./acting-as.ts";
import type { Principal } from "./principal.ts";
import type { DeploymentRole } from "./roles.ts";

const BOTH: ActedOn = {
  kinds: new Set(["administrator", "account"]),
  permission: "licenses.read",
  aboutOneself: false,
};

function account(...roles: readonly DeploymentRole[]): Principal {
  const memberships = new Map([["customers/c", "USER"]] as const);
  return { kind: "account", account: "accounts/a", memberships, roles };
}

test("whoever has a role is an administrator where it reaches, member of a customer or not", () => {
  expect(actingAs(account("SUPPORT"), BOTH)).toMatchObject({
    kind: "administrator",
    subject: "accounts/a",
  });
  const alone = { ...BOTH, kinds: new Set(["administrator"] as const) };
  expect(actingAs(account("SUPPORT"), alone)).toMatchObject({ kind: "administrator" });
});

test("where the role does not reach, it takes nothing away", () => {
  const custodian = account("KEY_CUSTODIAN");
  expect(actingAs(custodian, BOTH)).toBe(custodian);
  expect(actingAs(account("KEY_CUSTODIAN", "AUDITOR"), BOTH).kind).toBe("administrator");
});

test("about themselves, people with a role act as themselves", () => {
  const owner = account("OWNER");
  expect(actingAs(owner, { ...BOTH, aboutOneself: true })).toBe(owner);
  expect(actingAs(owner, { ...BOTH, kinds: new Set(["account"]) })).toBe(owner);
});

test("nobody else becomes an administrator", () => {
  const others: readonly Principal[] = [
    account(),
    { kind: "anyone" },
    { kind: "service", service: "activation", permissions: new Set(["*"]) },
  ];
  for (const other of others) expect(actingAs(other, BOTH)).toBe(other);
});
