import { issuer, LicenseState } from "@leasehold/contracts";
import { isProblem } from "@leasehold/kernel";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createCustomer,
  createStudio,
  issueLicense,
  issuerUnderTest,
  requestId,
  START,
  wireLicense,
  wireTerms,
} from "./issuer-under-test.ts";
import type { IssuerUnderTest } from "./issuer-under-test.ts";
import { expected, type ModelChange, type ModelLicense } from "./license-reference.ts";

// Random histories of licenses, each answer compared with what a small model of the contract says.

const DAY_MS = 86_400_000;
const CUSTOMERS = 2;

let under: IssuerUnderTest;
let customers: readonly string[];
beforeAll(async () => {
  under = await issuerUnderTest();
  await createStudio(under.admin);
  const created = Array.from({ length: CUSTOMERS }, () => createCustomer(under.admin));
  customers = (await Promise.all(created)).map(({ name }) => name);
});
afterAll(() => under[Symbol.asyncDispose]());

/** A license, and what the model says of it. */
interface Known {
  readonly name: string;
  model: ModelLicense;
}

interface Step {
  readonly license: number;
  readonly change: ModelChange;
  /** What the caller believes the revision to be: nothing, what it is, or something else. */
  readonly belief: "none" | "right" | "stale";
  readonly validateOnly: boolean;
  readonly repeated: boolean;
}

const changes: fc.Arbitrary<ModelChange> = fc.oneof(
  fc.record({ kind: fc.constant("AMEND" as const), seats: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ kind: fc.constant("RENEW" as const), days: fc.integer({ min: 1, max: 900 }) }),
  fc.record({ kind: fc.constantFrom("SUSPEND" as const, "RESUME" as const, "REVOKE" as const) }),
  fc.record({ kind: fc.constant("TRANSFER" as const), customer: fc.nat(CUSTOMERS - 1) }),
);
const steps: fc.Arbitrary<Step> = fc.record({
  license: fc.nat(7),
  change: changes,
  belief: fc.constantFrom("none", "right", "right", "stale"),
  validateOnly: fc.nat(4).map((dice) => dice === 0),
  repeated: fc.nat(3).map((dice) => dice === 0),
});

/** Only some methods can be tried without effect. */
const VALIDATES: readonly ModelChange["kind"][] = ["SUSPEND", "REVOKE", "TRANSFER"];

function call({ name, model }: Known, { change, belief, validateOnly }: Step, id: string) {
  const expectedRevision = BigInt(revisionBelieved(model, belief));
  const common = { requestId: id, name, expectedRevision };
  const dry = { ...common, validateOnly };
  const life = under.of(issuer.LicenseServiceDefinition, "admin");
  switch (change.kind) {
    case "AMEND":
      return under.admin.amendLicense({
        ...common,
        terms: { seats: change.seats },
        updateMask: ["seats"],
      });
    case "RENEW":
      return life.renewLicense({ ...common, endTime: endAfter(change.days) });
    case "SUSPEND":
      return under.admin.suspendLicense(dry);
    case "RESUME":
      return under.admin.resumeLicense(common);
    case "REVOKE":
      return under.admin.revokeLicense(dry);
    case "TRANSFER":
      return life.transferLicense({ ...dry, customer: customers[change.customer]! });
  }
}

function revisionBelieved({ revision }: ModelLicense, belief: Step["belief"]): number {
  return { none: 0, right: revision, stale: revision + 1 }[belief];
}

function endAfter(days: number): Date {
  return new Date(START.getTime() + days * DAY_MS);
}

async function answer(calling: Promise<{ license: issuer.License | undefined }>) {
  try {
    return (await calling).license!;
  } catch (thrown) {
    if (isProblem(thrown)) return thrown.reason;
    throw thrown;
  }
}

function expectSame(license: issuer.License, model: ModelLicense): void {
  expect(license).toMatchObject({
    revision: BigInt(model.revision),
    state: LicenseState[model.state],
    terms: { seats: model.seats, endTime: endAfter(model.days) },
  });
  expect(license.name.startsWith(`${customers[model.customer]!}/`)).toBe(true);
}

async function take(all: Known[], step: Step): Promise<void> {
  const known = all[step.license % all.length]!;
  const believed = revisionBelieved(known.model, step.belief);
  const outcome = expected(known.model, step.change, believed);
  const id = requestId();
  const told = await answer(call(known, step, id));
  if (outcome.kind === "refused") return void expect(told).toBe(outcome.reason);
  if (typeof told === "string") throw new Error(`refused for ${told}`);
  const { license, begun } = outcome;
  expectSame(told, begun ?? license);
  if (step.validateOnly && VALIDATES.includes(step.change.kind)) return;
  // The same call again, as it was sent: the model is that of before.
  if (step.repeated) expect(await answer(call(known, step, id))).toEqual(told);
  known.model = license;
  if (begun) all.push({ name: told.name, model: begun });
}

async function compareAll(all: readonly Known[]): Promise<void> {
  const life = under.of(issuer.LicenseServiceDefinition, "admin");
  const feed = await feedOf(new Set(all.map(({ name }) => name)));
  for (const { name, model } of all) {
    const { license } = await under.admin.getLicense({ name });
    expectSame(license!, model);
    const { revisions } = await life.listLicenseRevisions({ parent: name, pageSize: 500 });
    const actions = revisions.map(({ action }) => action).reverse();
    expect(actions).toEqual(model.history.map((kind) => issuer.LicenseAction[kind as "ISSUE"]));
    expect(revisions[0]!.license).toEqual(license);
    expect(feed.get(name)).toEqual([license]);
  }
}

/** What the feed tells of some licenses, from its beginning to where it stands. */
async function feedOf(names: ReadonlySet<string>): Promise<Map<string, issuer.License[]>> {
  const told = new Map<string, issuer.License[]>();
  for await (const { license } of under.activation.watchLicenses({ afterFeedRevision: 0n })) {
    if (!license) break;
    if (!names.has(license.name)) continue;
    told.set(license.name, [...(told.get(license.name) ?? []), license]);
  }
  return told;
}

test("licenses fare as the contract says, whatever is done to them in whatever order", async () => {
  const fares = fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 5, maxLength: 25 }), async (sequence) => {
      const all: Known[] = [];
      for (const customer of [0, 1]) {
        const terms = wireTerms({ seats: 3, endTime: endAfter(365) });
        const parent = customers[customer]!;
        const { name } = await issueLicense(under.admin, parent, wireLicense({ terms }));
        const history = ["ISSUE"];
        all.push({
          name,
          model: { customer, revision: 1, state: "ACTIVE", seats: 3, days: 365, history },
        });
      }
      for (const step of sequence) await take(all, step);
      await compareAll(all);
    }),
    { numRuns: 30 },
  );
  await expect(fares).resolves.toBeUndefined();
}, 180_000);
