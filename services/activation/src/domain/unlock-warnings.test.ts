import { expect, test } from "vitest";
import type { UnlockFacts } from "./unlock-conditions.ts";
import { unlockWarnings } from "./unlock-warnings.ts";
import type { VersionRange } from "@leasehold/license-format";

const NOW = Date.UTC(2030, 5, 1);

function warnings(given: {
  readonly version?: string;
  readonly versions?: VersionRange;
  readonly product?: Partial<UnlockFacts["product"]>;
  readonly maintenanceEndTime?: number;
}) {
  return unlockWarnings({
    terms: {
      state: "ACTIVE",
      startTime: NOW - 1,
      endTime: NOW + 1,
      maintenanceEndTime: given.maintenanceEndTime ?? NOW + 1,
      versions: given.versions ?? {},
      installations: 0,
      virtualMachinesPolicy: "ALLOW",
      virtualMachines: 0,
      domains: [],
      networks: [],
    },
    product: { supported: {}, tolerance: "ANY", ...given.product },
    unlocker: {
      version: given.version ?? "",
      releaseTime: undefined,
      machine: "unknown",
      host: "",
      isWithin: () => false,
    },
    now: NOW,
  });
}

const SAME_MAJOR = { supported: { oldest: "3", newest: "5" }, tolerance: "SAME_MAJOR" } as const;

test("who has nothing to know is not warned", () => {
  expect(warnings({})).toEqual([]);
  expect(warnings({ version: "5.1", product: SAME_MAJOR })).toEqual([]);
  expect(warnings({ version: "3", product: { ...SAME_MAJOR, tolerance: "ANY" } })).toEqual([]);
});

test("a version that is supported, and differs from the newest by too much, is warned of", () => {
  expect(warnings({ version: "4.9", product: SAME_MAJOR })).toEqual([
    { kind: "version-differs", version: "4.9", newest: "5", tolerance: "SAME_MAJOR" },
  ]);
});

test("who does not tell a version is warned if it matters which", () => {
  expect(warnings({ versions: { newest: "4" } })).toEqual([
    { kind: "version-not-told", range: { newest: "4" } },
  ]);
  expect(warnings({ product: SAME_MAJOR })).toEqual([
    { kind: "version-not-told", range: SAME_MAJOR.supported },
  ]);
});

test("that maintenance is over is told from the instant on", () => {
  expect(warnings({ maintenanceEndTime: NOW })).toEqual([
    { kind: "maintenance-over", maintenanceEndTime: NOW },
  ]);
});
