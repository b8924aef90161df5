import {
  activation,
  issuer,
  methodRule,
  PrincipalKind,
  seatBroker,
  type ServiceDefinition,
} from "@leasehold/contracts";
import { expect, test } from "vitest";
import {
  ADMINISTRATORS_PERMISSIONS,
  DEPLOYMENT_ROLES,
  type DeploymentRole,
  mayDispose,
  rolePermissions,
} from "./roles.ts";

const SERVICES = [issuer, activation, seatBroker].flatMap((contract) =>
  Object.values(contract).flatMap((exported: object) =>
    "methods" in exported ? [exported as ServiceDefinition] : [],
  ),
);

/** Methods of administrators, with the permission that each asks for. */
const METHODS = SERVICES.flatMap(({ methods }) => Object.values(methods)).flatMap((method) => {
  const rule = methodRule(method);
  if (!rule?.principals.includes(PrincipalKind.ADMINISTRATOR)) return [];
  return {
    permission: rule.permission,
    changes: method.options.idempotencyLevel !== "NO_SIDE_EFFECTS",
  };
});

function may(role: DeploymentRole, permission: string): boolean {
  const held = rolePermissions([role]);
  return held.has("*") || held.has(permission);
}

test("the table names every permission that administrators are asked for, and no other", () => {
  const asked = new Set(METHODS.map(({ permission }) => permission));
  expect([...asked].toSorted()).toEqual(ADMINISTRATORS_PERMISSIONS);
});

test("an auditor reads everything; what only looks is theirs, and nothing else", () => {
  for (const permission of ADMINISTRATORS_PERMISSIONS)
    expect([permission, may("AUDITOR", permission)]).toEqual([
      permission,
      permission.endsWith(".read"),
    ]);
});

test("nobody but an owner disposes of administrators, or sees the whole picture of them", () => {
  for (const role of DEPLOYMENT_ROLES)
    expect([role, may(role, "administrators.write")]).toEqual([role, role === "OWNER"]);
});

test("signing keys are the custodian's and the owner's, and product keys are not the custodian's", () => {
  const changing = DEPLOYMENT_ROLES.filter((role) => may(role, "signing_keys.write"));
  expect(changing).toEqual(["OWNER", "KEY_CUSTODIAN"]);
  const revealing = DEPLOYMENT_ROLES.filter((role) => may(role, "product_keys.reveal"));
  expect(revealing).toEqual(["OWNER", "LICENSING_ADMIN"]);
});

test("a role is given by whoever holds all that it permits", () => {
  const able = (giver: DeploymentRole) =>
    DEPLOYMENT_ROLES.filter((role) => mayDispose(rolePermissions([giver]), role));
  expect(able("OWNER")).toEqual(DEPLOYMENT_ROLES);
  expect(able("KEY_CUSTODIAN")).toEqual(["KEY_CUSTODIAN"]);
  expect(able("LICENSING_ADMIN")).toEqual(["LICENSING_ADMIN", "SUPPORT"]);
  expect(mayDispose(new Set(["administrators.write"]), "SUPPORT")).toBe(false);
});

test("several roles permit what each of them does", () => {
  const both = rolePermissions(["SUPPORT", "KEY_CUSTODIAN"]);
  expect(both.has("seats.revoke") && both.has("signing_keys.write")).toBe(true);
  expect(rolePermissions([]).size).toBe(0);
});
