import { expect, test } from "vitest";
import { accessFault } from "./pool-access.ts";
import type { Pool } from "./pool.ts";

const OURS = "customers/acme/licenses/1";
const THEIRS = "customers/globex/licenses/1";
const ANOTHER = "customers/acme/licenses/2";

function pool(name: string, boundTo?: string, model: Pool["terms"]["model"] = "RESOURCE") {
  const terms = { model } as Pool["terms"];
  return boundTo === undefined ? { name, terms } : { name, boundTo, terms };
}

const resource = (boundTo: string) => pool("customers/acme/resources/9", boundTo);

test.each([
  ["a license has its own seats", pool(OURS, undefined, "FLOATING"), undefined, undefined],
  [
    "a resource's seats are had by the license that it is bound to",
    resource(OURS),
    OURS,
    undefined,
  ],
  ["and by no other of the customer", resource(ANOTHER), OURS, "not-licensed"],
  ["nor while it is bound to none", resource(""), OURS, "not-licensed"],
  ["another customer's resource is unknown", resource(OURS), THEIRS, "unknown"],
  ["bound or not", resource(""), THEIRS, "unknown"],
  ["a license of resources has no seats of its own", pool(OURS), undefined, "not-licensed"],
  ["another license is no resource", pool(ANOTHER), OURS, "unknown"],
  ["nor is a resource asked for by no license", resource(OURS), undefined, "unknown"],
] as const)("%s", (_, asked, byLicense, fault) => {
  expect(accessFault(asked, byLicense)).toBe(fault);
});

test("customers whose names begin alike are told apart", () => {
  const asked = pool("customers/acme-2/resources/9", "customers/acme-2/licenses/1");
  expect(accessFault(asked, "customers/acme/licenses/1")).toBe("unknown");
});
