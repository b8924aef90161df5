import { SharingPolicy } from "@leasehold/contracts";
import type { LicenseTerms, SeatPolicy } from "@leasehold/contracts";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createCustomer,
  createStudio,
  issueLicense,
  requestId,
  startIssuer,
  wireGroup,
  wireLicense,
  wirePolicy,
  wireTerms,
} from "./issuer-under-test.ts";
import type { IssuerUnderTest } from "./issuer-under-test.ts";
import { migratedPostgres } from "./migrated-postgres.ts";
import type { MigratedPostgres } from "./migrated-postgres.ts";
import { refusal, refusedFields } from "./refusal.ts";

const INSTALLATION = `installations/${requestId()}`;

let database: MigratedPostgres;
let under: IssuerUnderTest;
let parent: string;

beforeAll(async () => {
  database = await migratedPostgres();
  under = await startIssuer(database.url);
  parent = (await createCustomer(under.admin)).name;
  await createStudio(under.admin);
});
afterAll(async () => {
  await under[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

function issue(change: Partial<LicenseTerms>) {
  return issueLicense(under.admin, parent, wireLicense({ terms: wireTerms(change) }));
}

function amend(name: string, updateMask: string[], change: Partial<LicenseTerms>) {
  const terms = wireTerms(change);
  const request = { requestId: requestId(), name, expectedRevision: 0n, terms, updateMask };
  return under.admin.amendLicense(request);
}

const OPEN: SeatPolicy = {
  sharing: SharingPolicy.PER_PROCESS,
  overdraft: 0,
  offlineDays: 0,
  groups: [],
  includeGroups: [],
  excludeGroups: [],
};

test("a license without a policy, and one with an empty one, have the open policy", async () => {
  expect((await issue({ seatPolicy: undefined })).terms?.seatPolicy).toEqual(OPEN);
  const empty = { ...OPEN, sharing: SharingPolicy.UNSPECIFIED };
  expect((await issue({ seatPolicy: empty })).terms?.seatPolicy).toEqual(OPEN);
});

test("a policy at the ends of what it may say is kept as given", async () => {
  const users = Array.from({ length: 998 }, (_, index) => `${"😀".repeat(196)}${1000 + index}`);
  const group = wireGroup({ users, hosts: ["h"], installations: [INSTALLATION], priority: 7 });
  const groups = [
    { ...group, group: "g".repeat(64), reservedSeats: 1_000_000 },
    ...Array.from({ length: 49 }, (_, index) => wireGroup({ group: `g${index}`, users: ["ada"] })),
  ];
  const names = groups.map((each) => each.group);
  const seatPolicy = {
    sharing: SharingPolicy.PER_DEVICE,
    overdraft: 1_000_000,
    offlineDays: 365,
    groups,
    includeGroups: names,
    excludeGroups: names.toReversed(),
  };
  const { name, terms } = await issue({ seats: 1_000_000, seatPolicy });
  expect(terms?.seatPolicy).toEqual(seatPolicy);
  expect((await under.admin.getLicense({ name })).license?.terms).toEqual(terms);
});

test("a feature's seats are kept with or without its limit, zero among them", async () => {
  const features = [
    { feature: "dataflow", seats: 0 },
    { feature: "diagrams", limit: 12n, seats: 1_000_000 },
    { feature: "workflow", limit: undefined, seats: undefined },
  ];
  expect((await issue({ features })).terms?.features).toEqual([
    { feature: "dataflow", limit: undefined, seats: 0 },
    ...features.slice(1),
  ]);
});

test("two spellings of one user are one, and the composed one is kept", async () => {
  const decomposed = "Zoe\u0308";
  const both = wirePolicy({ groups: [wireGroup({ users: ["Zoë", decomposed] })] });
  expect(await refusedFields(issue({ seatPolicy: both }))).toEqual([
    "license.terms.seat_policy.groups[0].users",
  ]);
  const one = wirePolicy({ groups: [wireGroup({ users: [decomposed] })] });
  const { terms } = await issue({ seatPolicy: one });
  expect(terms?.seatPolicy?.groups[0]?.users).toEqual(["Zoë"]);
});

const entries = (count: number) => Array.from({ length: count }, (_, index) => `u${index}`);
const groupOf = (change: Parameters<typeof wireGroup>[0]) =>
  wirePolicy({ groups: [wireGroup(change)] });

test.each<[string, SeatPolicy, readonly string[]]>([
  ["a sharing of another contract", wirePolicy({ sharing: 9 as 1 }), ["sharing"]],
  ["an overdraft below zero", wirePolicy({ overdraft: -1 }), ["overdraft"]],
  ["an overdraft above a million", wirePolicy({ overdraft: 1_000_001 }), ["overdraft"]],
  ["offline days below zero", wirePolicy({ offlineDays: -1 }), ["offline_days"]],
  ["offline days above a year", wirePolicy({ offlineDays: 366 }), ["offline_days"]],
  [
    "51 groups",
    wirePolicy({ groups: entries(51).map((group) => wireGroup({ group })) }),
    ["groups"],
  ],
  ["a group twice", wirePolicy({ groups: [wireGroup(), wireGroup()] }), ["groups"]],
  ["a group without a name", groupOf({ group: "" }), ["groups[0].group"]],
  ["a group in capitals", groupOf({ group: "Designers" }), ["groups[0].group"]],
  ["a group called __proto__", groupOf({ group: "__proto__" }), ["groups[0].group"]],
  ["a group of 65 letters", groupOf({ group: "g".repeat(65) }), ["groups[0].group"]],
  ["a user without a name", groupOf({ users: ["ada", ""] }), ["groups[0].users[1]"]],
  ["a user of 201 letters", groupOf({ users: ["a".repeat(201)] }), ["groups[0].users[0]"]],
  ["a user of controls", groupOf({ users: ["ada\n"] }), ["groups[0].users[0]"]],
  ["a user twice", groupOf({ users: ["ada", "ben", "ada"] }), ["groups[0].users"]],
  ["a blank host", groupOf({ hosts: [" "] }), ["groups[0].hosts[0]"]],
  ["a host of 201 letters", groupOf({ hosts: ["h".repeat(201)] }), ["groups[0].hosts[0]"]],
  ["a host twice", groupOf({ hosts: ["h", "h"] }), ["groups[0].hosts"]],
  [
    "an installation that is none",
    groupOf({ installations: [INSTALLATION, "installations/mine"] }),
    ["groups[0].installations[1]"],
  ],
  [
    "an installation twice",
    groupOf({ installations: [INSTALLATION, INSTALLATION] }),
    ["groups[0].installations"],
  ],
  ["1001 users in a group", groupOf({ users: entries(1001) }), ["groups[0]", "groups[0].users"]],
  [
    "1001 entries in the lists of a group",
    groupOf({ users: entries(500), hosts: entries(501) }),
    ["groups[0]"],
  ],
  ["seats kept below zero", groupOf({ reservedSeats: -1 }), ["groups[0].reserved_seats"]],
  [
    "more than a million seats kept",
    groupOf({ reservedSeats: 1_000_001 }),
    ["groups[0].reserved_seats"],
  ],
  ["a priority below zero", groupOf({ priority: -1 }), ["groups[0].priority"]],
  ["a priority of 8", groupOf({ priority: 8 }), ["groups[0].priority"]],
  ["an unknown group included", wirePolicy({ includeGroups: ["qa"] }), ["include_groups[0]"]],
  ["an unknown group excluded", wirePolicy({ excludeGroups: ["qa"] }), ["exclude_groups[0]"]],
  [
    "an included group that is no name",
    wirePolicy({ includeGroups: ["*"] }),
    ["include_groups[0]"],
  ],
  [
    "a group included twice",
    wirePolicy({ includeGroups: ["designers", "designers"] }),
    ["include_groups"],
  ],
  [
    "a group excluded twice",
    wirePolicy({ excludeGroups: ["designers", "designers"] }),
    ["exclude_groups"],
  ],
  [
    "groups that keep more seats than there are",
    wirePolicy({
      groups: ["a", "b", "c"].map((group) => wireGroup({ group, reservedSeats: 1 + 2 ** 19 })),
    }),
    ["groups[1].reserved_seats", "groups[2].reserved_seats"],
  ],
  [
    "more bytes of entries than a message carries",
    wirePolicy({
      groups: entries(4).map((group) =>
        wireGroup({ group, users: entries(1000).map((user) => "😀".repeat(190) + user) }),
      ),
    }),
    ["groups"],
  ],
])("a policy with %s is refused, and so is such an amendment", async (_, seatPolicy, fields) => {
  const terms = { seats: 1_000_000, seatPolicy };
  expect(await refusedFields(issue(terms))).toEqual(
    fields.map((field) => `license.terms.seat_policy.${field}`),
  );
  const { name } = await issue({ seats: 1_000_000 });
  expect(await refusedFields(amend(name, ["seat_policy"], terms))).toEqual(
    fields.map((field) => `terms.seat_policy.${field}`),
  );
  expect((await under.admin.getLicense({ name })).license?.revision).toBe(1n);
});

test.each([-1, 1_000_001])("a feature for %s seats is refused", async (seats) => {
  const features = [{ feature: "dataflow" }, { feature: "diagrams", seats }];
  expect(await refusedFields(issue({ features }))).toEqual(["license.terms.features[1].seats"]);
});

test("every violation of a policy is told at once", async () => {
  const groups = [wireGroup({ users: ["", "ada"], priority: 9 }), wireGroup({ group: "?" })];
  const seatPolicy = wirePolicy({ overdraft: -1, offlineDays: 400, groups });
  const features = [{ feature: "dataflow", seats: -1 }];
  expect(await refusedFields(issue({ seatPolicy, features }))).toEqual(
    [
      "features[0].seats",
      "seat_policy.overdraft",
      "seat_policy.offline_days",
      "seat_policy.groups[0].users[0]",
      "seat_policy.groups[0].priority",
      "seat_policy.groups[1].group",
    ].map((field) => `license.terms.${field}`),
  );
});

test("an amendment changes the policy as a whole, and other amendments leave it alone", async () => {
  const seatPolicy = wirePolicy({ sharing: SharingPolicy.PER_USER, overdraft: 2 });
  const { name } = await issue({ seatPolicy });
  const kept = await amend(name, ["seats"], { seats: 9, seatPolicy: OPEN });
  expect(kept.license?.terms).toMatchObject({ seats: 9, seatPolicy });
  const next = wirePolicy({ sharing: SharingPolicy.PER_DEVICE, groups: [] });
  const changed = await amend(name, ["seat_policy"], { seatPolicy: next });
  expect(changed.license?.terms).toMatchObject({ seats: 9, seatPolicy: next });
  const suspension = { requestId: requestId(), name, expectedRevision: 0n };
  const { license } = await under.admin.suspendLicense(suspension);
  expect(license?.terms?.seatPolicy).toEqual(next);
  const none = await amend(name, ["seat_policy"], { seatPolicy: undefined });
  expect(none.license?.terms?.seatPolicy).toEqual(OPEN);
});

test("seats are not lowered below what groups keep, unless the groups keep less with it", async () => {
  const keeping = (reservedSeats: number) => groupOf({ reservedSeats });
  const { name } = await issue({ seats: 10, seatPolicy: keeping(7) });
  const { violations } = await refusal(amend(name, ["seats"], { seats: 6 }));
  expect(violations).toEqual([
    { field: "terms.seats", description: "must be at least the 7 that groups keep" },
  ]);
  const both = ["seats", "seat_policy"];
  expect(await refusedFields(amend(name, both, { seats: 6, seatPolicy: keeping(7) }))).toEqual([
    "terms.seat_policy.groups[0].reserved_seats",
  ]);
  expect((await amend(name, ["seats"], { seats: 7 })).license?.revision).toBe(2n);
  const lowered = await amend(name, both, { seats: 6, seatPolicy: keeping(6) });
  expect(lowered.license?.terms).toMatchObject({ seats: 6, seatPolicy: keeping(6) });
});

test("the history tells the policy of every revision", async () => {
  const { name } = await issue({ seatPolicy: wirePolicy({ overdraft: 3 }) });
  await amend(name, ["seat_policy"], { seatPolicy: undefined });
  const text = `select snapshot->'terms'->'seatPolicy'->'overdraft' as overdraft,
      jsonb_array_length(snapshot->'terms'->'seatPolicy'->'groups') as groups
    from license_revision where license_id = $1 order by revision`;
  expect(await database.postgres.query({ text, values: [name.split("/")[3]] })).toEqual([
    { overdraft: 3, groups: 1 },
    { overdraft: 0, groups: 0 },
  ]);
});

test("the largest policy comes through the feed", async () => {
  const lists = (group: string) => ({
    group,
    users: entries(1000).map((user) => user.padEnd(59, "x")),
  });
  const seatPolicy = wirePolicy({ groups: entries(50).map((name) => wireGroup(lists(name))) });
  const { name, terms } = await issue({ seatPolicy });
  const over = new AbortController();
  const steps = under.activation.watchLicenses({ afterFeedRevision: 0n }, { signal: over.signal });
  for await (const { license } of steps) {
    if (license?.name !== name) continue;
    expect(license.terms).toEqual(terms);
    break;
  }
  over.abort();
  expect(terms?.seatPolicy).toEqual(seatPolicy);
});

const LETTERS = fc.constantFrom(...Array.from("aZ09éß字ぁ٣😀'\"\\{}[]$%,;:@/.- "));
const text = fc.string({ unit: LETTERS, maxLength: 20 }).map((each) => `u${each}`);
const list = fc.uniqueArray(text, { maxLength: 5 });
const installations = fc
  .uniqueArray(fc.uuid(), { maxLength: 3 })
  .map((ids) => ids.map((id) => `installations/${id}`));
const groups = fc.uniqueArray(
  fc.record({
    group: fc.stringMatching(/^[a-z][a-z0-9-]{0,7}$/),
    users: list,
    hosts: list,
    installations,
    reservedSeats: fc.nat(20),
    priority: fc.nat(7),
  }),
  { maxLength: 5, selector: ({ group }) => group },
);
const policies = groups.chain((chosen) => {
  const names = fc.subarray(chosen.map(({ group }) => group));
  return fc.record({
    sharing: fc.constantFrom(...Object.values(SharingPolicy).filter((sharing) => sharing > 0)),
    overdraft: fc.nat(1_000_000),
    offlineDays: fc.nat(365),
    groups: fc.constant(chosen),
    includeGroups: names,
    excludeGroups: names,
  });
});

test("whatever a policy says is told again as it was given", async () => {
  await fc.assert(
    fc.asyncProperty(policies, async (seatPolicy) => {
      const { name, terms } = await issue({ seats: 100, seatPolicy });
      expect(terms?.seatPolicy).toEqual(seatPolicy);
      expect((await under.admin.getLicense({ name })).license?.terms).toEqual(terms);
    }),
    { numRuns: 40 },
  );
});
