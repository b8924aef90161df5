import { expect, test } from "vitest";
import {
  countsInstallations,
  type Unlocker,
  type UnlockFacts,
  type UnlockTerms,
  unmetCondition,
} from "./unlock-conditions.ts";

const NOW = Date.UTC(2030, 5, 1);
const DAY = 86_400_000;

/** Whatever a test cares about, in a license that anybody may unlock anywhere. */
interface Given {
  readonly terms?: Partial<UnlockTerms>;
  readonly product?: Partial<UnlockFacts["product"]>;
  readonly unlocker?: Partial<Unlocker>;
  readonly others?: Partial<UnlockFacts["others"]>;
  readonly known?: UnlockFacts["known"];
}

function facts({ terms, product, unlocker, others, known }: Given): UnlockFacts {
  return {
    terms: {
      state: "ACTIVE",
      startTime: NOW - DAY,
      endTime: NOW + DAY,
      maintenanceEndTime: NOW + DAY,
      versions: {},
      installations: 0,
      virtualMachinesPolicy: "ALLOW",
      virtualMachines: 0,
      domains: [],
      networks: [],
      ...terms,
    },
    product: { supported: {}, tolerance: "ANY", ...product },
    unlocker: {
      version: "",
      releaseTime: undefined,
      machine: "unknown",
      host: "",
      isWithin: () => false,
      ...unlocker,
    },
    others: { installations: 0, virtualMachines: 0, ...others },
    known,
    now: NOW,
  };
}

const DENY = { virtualMachinesPolicy: "DENY" } as const;
const CAP_2 = { virtualMachinesPolicy: "ALLOW_WITH_CAP", virtualMachines: 2 } as const;
const ACME = { domains: ["acme.example", "example.com"] };
const OFFICE = { networks: ["192.0.2.0/24"] };

test.each<[string, Given]>([
  ["nothing is demanded", {}],
  ["the license begins now", { terms: { startTime: NOW } }],
  ["a place is left", { terms: { installations: 3 }, others: { installations: 2 } }],
  [
    "the machine has a place already, however many there are",
    { terms: { installations: 3 }, others: { installations: 7 }, known: { isVirtual: false } },
  ],
  [
    "the version is covered",
    { terms: { versions: { newest: "4" } }, unlocker: { version: "4.9" } },
  ],
  ["the version is not told", { terms: { versions: { newest: "4" } } }],
  ["the version was released in time", { unlocker: { releaseTime: NOW + DAY - 1 } }],
  ["the machine is physical", { terms: DENY, unlocker: { machine: "physical" } }],
  ["the machine is virtual, and may be", { unlocker: { machine: "virtual" } }],
  [
    "a place of virtual machines is left",
    { terms: CAP_2, unlocker: { machine: "virtual" }, others: { virtualMachines: 1 } },
  ],
  [
    "the machine has a place of virtual machines already",
    {
      terms: CAP_2,
      unlocker: { machine: "virtual" },
      others: { virtualMachines: 2 },
      known: { isVirtual: true },
    },
  ],
  ["the host is in a domain", { terms: ACME, unlocker: { host: "DB.Example.COM." } }],
  ["the host is a domain", { terms: ACME, unlocker: { host: "acme.example" } }],
  [
    "the address is in a network",
    { terms: OFFICE, unlocker: { isWithin: (networks) => networks.includes("192.0.2.0/24") } },
  ],
])("a license is unlocked if %s", (_, given) => {
  expect(unmetCondition(facts(given))).toBeUndefined();
});

const START = NOW + 1;
test.each<[string, Given, ReturnType<typeof unmetCondition>]>([
  ["it is revoked", { terms: { state: "REVOKED", endTime: NOW } }, { kind: "revoked" }],
  ["it is suspended", { terms: { state: "SUSPENDED" } }, { kind: "suspended" }],
  ["it has not begun", { terms: { startTime: START } }, { kind: "not-started", startTime: START }],
  ["it is over", { terms: { endTime: NOW } }, { kind: "expired", endTime: NOW }],
  [
    "it is for other versions",
    { terms: { versions: { oldest: "3", newest: "4" } }, unlocker: { version: "5" } },
    { kind: "version", version: "5", range: { oldest: "3", newest: "4" } },
  ],
  [
    "the product does not support the version any more",
    { product: { supported: { oldest: "4" } }, unlocker: { version: "3.9" } },
    { kind: "version", version: "3.9", range: { oldest: "4" } },
  ],
  [
    "the version was released after maintenance",
    {
      terms: { maintenanceEndTime: NOW - DAY },
      unlocker: { version: "5", releaseTime: NOW - DAY },
    },
    { kind: "maintenance", version: "5", maintenanceEndTime: NOW - DAY },
  ],
  [
    "the machine is virtual",
    { terms: DENY, unlocker: { machine: "virtual" }, known: { isVirtual: true } },
    { kind: "virtual-machine", limit: 0, machine: "virtual" },
  ],
  [
    "the machine does not tell what it is",
    { terms: DENY },
    { kind: "virtual-machine", limit: 0, machine: "unknown" },
  ],
  [
    "no place of virtual machines is left",
    { terms: CAP_2, unlocker: { machine: "virtual" }, others: { virtualMachines: 2 } },
    { kind: "virtual-machine", limit: 2, machine: "virtual" },
  ],
  [
    "a physical machine became a virtual one too many",
    {
      terms: CAP_2,
      unlocker: { machine: "virtual" },
      others: { virtualMachines: 2 },
      known: { isVirtual: false },
    },
    { kind: "virtual-machine", limit: 2, machine: "virtual" },
  ],
  [
    "the host is in another domain that ends alike",
    { terms: ACME, unlocker: { host: "notexample.com" } },
    { kind: "place", place: "domain" },
  ],
  ["the host has no name", { terms: ACME }, { kind: "place", place: "domain" }],
  ["the address is elsewhere", { terms: OFFICE }, { kind: "place", place: "network" }],
  [
    "domain fits, and the network does not",
    { terms: { ...ACME, ...OFFICE }, unlocker: { host: "db.example.com" } },
    { kind: "place", place: "network" },
  ],
  [
    "no place is left",
    { terms: { installations: 3 }, others: { installations: 3 } },
    { kind: "installations", limit: 3 },
  ],
  [
    "of several, the one that is told is not one that changes by itself",
    { terms: { ...OFFICE, installations: 1 }, others: { installations: 1 } },
    { kind: "place", place: "network" },
  ],
])("a license is not unlocked if %s", (_, given, unmet) => {
  expect(unmetCondition(facts(given))).toEqual(unmet);
});

test("installations matter where they are limited, or the virtual ones of them", () => {
  const counts = (terms: Partial<UnlockTerms>) => countsInstallations(facts({ terms }).terms);
  expect([counts({}), counts(DENY), counts({ installations: 1 }), counts(CAP_2)]).toEqual([
    false,
    false,
    true,
    true,
  ]);
});
