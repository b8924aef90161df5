import { issuer, LicenseState, LicenseTerms } from "@leasehold/contracts";
import { manualClock } from "@leasehold/testkit";
import { array, assert, asyncProperty, boolean, constantFrom, nat, record } from "fast-check";
import type { Arbitrary } from "fast-check";
import { isProblem } from "@leasehold/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createCustomer,
  createStudio,
  END,
  issuerUnderTest,
  LICENSEE,
  requestId,
  wireLicense,
  wireTerms,
} from "./issuer-under-test.ts";
import type { IssuerUnderTest } from "./issuer-under-test.ts";
import { answer, count, latest } from "./license-model.ts";
import type { Model, ModelCommand, ModelLicense } from "./license-model.ts";

const DAY = 86_400_000;
const RUNS = { numRuns: 30, endOnFailure: true } as const;
const clock = manualClock();

let under: IssuerUnderTest;
/** The terms as the issuer fills them in, for what the model does not vary. */
let filledIn: LicenseTerms;
beforeAll(async () => {
  under = await issuerUnderTest({ clock });
  await createStudio(under.admin);
  const { name: parent } = await createCustomer(under.admin);
  const given = { requestId: requestId(), parent, license: wireLicense() };
  filledIn = (await under.admin.issueLicense(given)).license!.terms!;
});
afterAll(() => under[Symbol.asyncDispose]());

/** A step as drawn: numbers that are given a meaning by where the model stands. */
interface Step {
  readonly kind: ModelCommand["kind"];
  readonly license: number;
  readonly customer: number;
  readonly expected: "none" | "right" | "stale";
  readonly days: number;
  readonly maintenance: "none" | "sooner" | "later";
  readonly seats: number;
  readonly validateOnly: boolean;
  readonly again: "never" | "at once" | "an earlier one" | "with another body";
}

const STEP: Arbitrary<Step> = record({
  kind: constantFrom(
    ...(["issue", "amend", "amend", "renew", "renew", "suspend"] as const),
    ...(["resume", "revoke", "transfer", "transfer"] as const),
  ),
  license: nat({ max: 9 }),
  customer: nat({ max: 2 }),
  expected: constantFrom("none", "right", "stale"),
  days: nat({ max: 5 }),
  maintenance: constantFrom("none", "sooner", "later"),
  seats: nat({ max: 8 }),
  validateOnly: boolean(),
  again: constantFrom("never", "never", "at once", "an earlier one", "with another body"),
});

function maintenanceOf({ maintenance, days }: Step, from: number): number | undefined {
  if (maintenance === "none") return undefined;
  return from + (maintenance === "sooner" ? -1 - days : 1 + days) * DAY;
}

function commandOf(step: Step, model: Model): ModelCommand {
  const { kind, customer, days, seats: more } = step;
  const seats = more + 1;
  const license = step.license % Math.max(1, count(model));
  const current = latest(model, license);
  if (kind === "issue" || !current) {
    const endTime = END.getTime() + days * DAY;
    const terms = { seats, endTime, maintenanceEndTime: maintenanceOf(step, endTime) };
    return { kind: "issue", customer, terms };
  }
  const { revision } = current;
  const expected = { none: undefined, right: revision, stale: revision + 1 }[step.expected];
  const existing = { license, expectedRevision: expected };
  if (kind === "transfer") return { ...existing, kind, customer, validateOnly: step.validateOnly };
  if (kind === "amend") {
    const maintenanceEndTime = maintenanceOf(step, END.getTime());
    return { ...existing, kind, terms: { seats, maintenanceEndTime } };
  }
  if (kind !== "renew") return { ...existing, kind };
  const endTime = current.endTime + (days - 1) * DAY;
  const from = current.maintenanceEndTime ?? current.endTime;
  return { ...existing, kind, endTime, maintenanceEndTime: maintenanceOf(step, from) };
}

/** What the model's numbers are called by the issuer. */
interface Names {
  readonly customers: readonly string[];
  readonly licenses: string[];
}

type Call = () => Promise<{ license?: issuer.License | undefined }>;

const time = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms));

function callOf(command: ModelCommand, names: Names, id: string, why: string): Call {
  const repeatable = { requestId: id, why };
  const life = under.of(issuer.LicenseServiceDefinition, "admin");
  if (command.kind === "issue") {
    const { seats, endTime, maintenanceEndTime } = command.terms;
    const times = { endTime: time(endTime), maintenanceEndTime: time(maintenanceEndTime) };
    const license = wireLicense({ terms: wireTerms({ seats, ...times }) });
    const parent = names.customers[command.customer]!;
    return () => under.admin.issueLicense({ ...repeatable, parent, license });
  }
  const request = {
    ...repeatable,
    name: names.licenses[command.license]!,
    expectedRevision: BigInt(command.expectedRevision ?? 0),
  };
  if (command.kind === "suspend") return () => under.admin.suspendLicense(request);
  if (command.kind === "resume") return () => under.admin.resumeLicense(request);
  if (command.kind === "revoke") return () => under.admin.revokeLicense(request);
  if (command.kind === "amend") {
    const { seats = 0, maintenanceEndTime } = command.terms;
    const terms = LicenseTerms.fromPartial({ seats, maintenanceEndTime: time(maintenanceEndTime) });
    const updateMask = ["seats", "maintenance_end_time"];
    return () => under.admin.amendLicense({ ...request, terms, updateMask });
  }
  if (command.kind === "renew") {
    const { endTime, maintenanceEndTime } = command;
    const times = { endTime: time(endTime), maintenanceEndTime: time(maintenanceEndTime) };
    return () => life.renewLicense({ ...request, ...times });
  }
  const customer = names.customers[command.customer]!;
  const { validateOnly } = command;
  return () => life.transferLicense({ ...request, customer, validateOnly });
}

/** A license, or the reason of a refusal with what the model tells of it. */
type Told = issuer.License | readonly string[];

/** What a call came to, in the model's words; only the details that the model tells of. */
async function cameTo(call: Call): Promise<Told> {
  try {
    return (await call()).license!;
  } catch (thrown) {
    if (!isProblem(thrown)) throw thrown;
    const { reason, metadata, violations } = thrown;
    if (reason === "REVISION_CONFLICT") return [reason, metadata["revision"] ?? ""];
    if (reason === "LICENSE_STATE_CONFLICT") return [reason, metadata["state"] ?? ""];
    return [reason, ...violations.map(({ field }) => field)];
  }
}

function wire(license: ModelLicense, { licenses }: Names): issuer.License {
  const nameOf = (id: number | undefined) => (id === undefined ? "" : licenses[id]!);
  const { seats, endTime, maintenanceEndTime } = license;
  const times = { endTime: new Date(endTime), maintenanceEndTime: time(maintenanceEndTime) };
  return {
    name: nameOf(license.id),
    revision: BigInt(license.revision),
    state: LicenseState[license.state],
    product: "products/studio",
    licensee: LICENSEE,
    terms: { ...filledIn, seats, ...times },
    createTime: new Date(license.createTime),
    updateTime: new Date(license.updateTime),
    edition: "",
    editionRevision: 0n,
    transferredFrom: nameOf(license.transferredFrom),
    transferredTo: nameOf(license.transferredTo),
  };
}

/** The feed after a position, up to where it stands. */
async function feedAfter(afterFeedRevision: bigint) {
  const licenses: { readonly at: bigint; readonly license: issuer.License }[] = [];
  for await (const { feedRevision, license } of under.activation.watchLicenses({
    afterFeedRevision,
  })) {
    if (!license) return { stands: feedRevision, licenses };
    licenses.push({ at: feedRevision, license });
  }
  throw new Error("the feed ended");
}

function modelFeed(model: Model, names: Names, start: bigint) {
  return model.flatMap(({ license }, index) =>
    latest(model, license.id) === license
      ? [{ at: start + BigInt(index + 1), license: wire(license, names) }]
      : [],
  );
}

async function expectSameHistories(model: Model, names: Names): Promise<void> {
  const life = under.of(issuer.LicenseServiceDefinition, "admin");
  for (const [id, parent] of names.licenses.entries()) {
    const { revisions } = await life.listLicenseRevisions({ parent, pageSize: 500 });
    const made = model.filter(({ license }) => license.id === id).toReversed();
    const { customer } = made[0]!.license;
    expect(parent.startsWith(`${names.customers[customer]}/licenses/`)).toBe(true);
    expect(revisions).toEqual(
      made.map(({ license, action, why }) => ({
        license: wire(license, names),
        subject: "admin",
        why,
        action: issuer.LicenseAction[action],
      })),
    );
  }
}

/** A call that was carried out, and what it answered. */
interface Kept {
  readonly call: Call;
  readonly told: Told;
}

/** How far both sides have come. */
interface Progress {
  readonly model: Model;
  readonly kept: readonly Kept[];
}

/** Takes one step on both sides, and compares what they answer. */
async function take(step: Step, { model, kept }: Progress, names: Names): Promise<Progress> {
  clock.advance(1_000);
  const command = commandOf(step, model);
  const [id, why] = [requestId(), `${step.kind} of ${step.days}`];
  const expected = answer(model, command, why, clock.now());
  const call = callOf(command, names, id, why);
  const told = await cameTo(call);
  const isTried = command.kind === "transfer" && command.validateOnly;
  const made = expected.kind === "made" ? expected.revisions : [];
  const license = made.at(-1)?.license;
  const called = { ...names, licenses: [...names.licenses] };
  if (license && "name" in told) called.licenses[license.id] ??= told.name;
  const wanted =
    expected.kind === "refused"
      ? [expected.reason, ...expected.detail]
      : wire(expected.revisions.at(-1)!.license, called);
  expect(told).toEqual(wanted);
  if (isTried) return { model, kept };
  names.licenses.splice(0, Infinity, ...called.licenses);
  const other = callOf(command, names, id, `${why}, or not`);
  const again = await repeated(step, license ? { call, told, other } : { call, told }, kept);
  expect(again.told).toEqual(again.wanted);
  return { model: [...model, ...made], kept: license ? [...kept, { call, told }] : kept };
}

/** What a repeated call comes to, and what it has to; a refused one is refused again. */
async function repeated(
  { again, license }: Step,
  { call, told, other }: Kept & { readonly other?: Call },
  kept: readonly Kept[],
): Promise<{ readonly told: Told; readonly wanted: Told }> {
  const earlier = kept[license % Math.max(1, kept.length)];
  if (other && again === "with another body")
    return { told: await cameTo(other), wanted: ["REQUEST_ID_REUSED"] };
  if (earlier && again === "an earlier one")
    return { told: await cameTo(earlier.call), wanted: earlier.told };
  return again === "never" ? { told, wanted: told } : { told: await cameTo(call), wanted: told };
}

test("whatever is done to licenses, answers, licenses, history and feed are the model's", async () => {
  await assert(
    asyncProperty(array(STEP, { minLength: 1, maxLength: 30, size: "max" }), async (steps) => {
      const { stands } = await feedAfter(0n);
      const customers: string[] = [];
      for (let one = 0; one < 3; one += 1) customers.push((await createCustomer(under.admin)).name);
      const names: Names = { customers, licenses: [] };
      let progress: Progress = { model: [], kept: [] };
      for (const step of steps) {
        progress = await take(step, progress, names);
        const id = step.license % names.licenses.length;
        const { license } = await under.admin.getLicense({ name: names.licenses[id]! });
        expect(license).toEqual(wire(latest(progress.model, id)!, names));
      }
      expect((await feedAfter(stands)).licenses).toEqual(modelFeed(progress.model, names, stands));
      await expectSameHistories(progress.model, names);
    }),
    RUNS,
  );
}, 300_000);
