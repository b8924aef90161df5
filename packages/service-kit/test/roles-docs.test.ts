import { readFileSync } from "node:fs";
import {
  activation,
  issuer,
  methodRule,
  PrincipalKind,
  seatBroker,
  type ServiceDefinition,
} from "@leasehold/contracts";
import { expect, test } from "vitest";
import { DEPLOYMENT_ROLES, rolePermissions } from "../src/auth/roles.ts";

/** The methods that administrators may call, by the permission that each asks for. */
function methodsByPermission(): ReadonlyMap<string, readonly string[]> {
  const services = [issuer, activation, seatBroker].flatMap((contract) =>
    Object.values(contract).flatMap((exported: object) =>
      "methods" in exported ? [exported as ServiceDefinition] : [],
    ),
  );
  const methods = services.flatMap((service) => Object.values(service.methods));
  const found = new Map<string, readonly string[]>();
  for (const method of methods) {
    const rule = methodRule(method);
    if (rule?.principals.includes(PrincipalKind.ADMINISTRATOR))
      found.set(rule.permission, [...(found.get(rule.permission) ?? []), method.name]);
  }
  return found;
}

function tableRows(): readonly string[] {
  return [...methodsByPermission()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([permission, methods]) => {
      const cells = DEPLOYMENT_ROLES.map((role) => {
        const held = rolePermissions([role]);
        return held.has("*") || held.has(permission) ? "yes" : "";
      });
      return [`\`${permission}\``, methods.toSorted().join(", "), ...cells].join(" | ");
    });
}

test("docs/roles.md tells which role permits what, and which methods that is about", () => {
  const page = readFileSync(new URL("../../../docs/roles.md", import.meta.url), "utf8");
  const rows = page
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim())
        .join(" | "),
    )
    .filter((row) => /^`[a-z_]+\.[a-z]+` /.test(row));
  expect(rows).toEqual(tableRows());
});
