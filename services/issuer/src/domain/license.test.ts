import type { Uuid } from "@leasehold/kernel";
import { expect, test } from "vitest";
import { changeLicense, usability } from "./license.ts";
import type { License, LicenseChange, LicenseState } from "./license.ts";
import { ANYWHERE } from "./installation-policy.ts";
import { OPEN_POLICY } from "./seat-policy.ts";

const START = Date.UTC(2030, 0, 1);
const END = Date.UTC(2031, 0, 1);

const LICENSE: License = {
  id: "0190b5a0-0000-7000-8000-000000000001" as Uuid,
  customerId: "0190b5a0-0000-7000-8000-000000000002" as Uuid,
  revision: 7n,
  state: "ACTIVE",
  productId: "studio",
  licensee: { name: "Ada", organization: "Acme" },
  terms: {
    model: "FLOATING",
    trial: false,
    seats: 3,
    features: [{ feature: "dataflow" }],
    startTime: START,
    endTime: END,
    leaseTimes: { validityMs: 45_000, graceMs: 10_000 },
    changePolicy: "LIVE",
    seatPolicy: OPEN_POLICY,
    installationPolicy: ANYWHERE,
  },
  createTime: START,
  updateTime: START,
};

const AMEND: LicenseChange = { kind: "amend", terms: { seats: 5 } };

test.each<[LicenseState, LicenseChange, LicenseState]>([
  ["ACTIVE", AMEND, "ACTIVE"],
  ["ACTIVE", { kind: "suspend" }, "SUSPENDED"],
  ["ACTIVE", { kind: "revoke" }, "REVOKED"],
  ["SUSPENDED", AMEND, "SUSPENDED"],
  ["SUSPENDED", { kind: "resume" }, "ACTIVE"],
  ["SUSPENDED", { kind: "revoke" }, "REVOKED"],
])("a license that is %s takes %o and is %s", (state, change, next) => {
  const outcome = changeLicense({ ...LICENSE, state }, change, START + 5);
  expect(outcome).toMatchObject({
    kind: "changed",
    license: { state: next, revision: 8n, updateTime: START + 5, createTime: START },
  });
});

test.each<[LicenseState, LicenseChange]>([
  ["ACTIVE", { kind: "resume" }],
  ["SUSPENDED", { kind: "suspend" }],
  ["REVOKED", AMEND],
  ["REVOKED", { kind: "suspend" }],
  ["REVOKED", { kind: "resume" }],
  ["REVOKED", { kind: "revoke" }],
])("a license that is %s does not take %o", (state, change) => {
  const outcome = changeLicense({ ...LICENSE, state }, change, START);
  expect(outcome).toEqual({ kind: "state-conflict", state });
});

test("an amendment changes the terms that it names and no other", () => {
  const outcome = changeLicense(LICENSE, AMEND, START);
  expect(outcome).toMatchObject({ license: { terms: { ...LICENSE.terms, seats: 5 } } });
});

test.each<[string, LicenseState, number, string]>([
  ["at its first instant", "ACTIVE", START, "usable"],
  ["before its first instant", "ACTIVE", START - 1, "not-started"],
  ["at its last instant", "ACTIVE", END - 1, "usable"],
  ["at its end", "ACTIVE", END, "expired"],
  ["suspended", "SUSPENDED", START, "suspended"],
  ["suspended and over", "SUSPENDED", END, "suspended"],
  ["revoked before it began", "REVOKED", START - 1, "revoked"],
])("a license %s is judged", (_, state, now, expected) => {
  expect(usability({ ...LICENSE, state }, now)).toBe(expected);
});
