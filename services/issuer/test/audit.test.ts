import { createHash } from "node:crypto";
import { issuer } from "@leasehold/contracts";
import { isUuid } from "@leasehold/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auditHash } from "@leasehold/license-format";
import { auditedIssuer, exported, verdict, writeEntries } from "./audited-issuer.ts";
import type { AuditedIssuer } from "./audited-issuer.ts";
import { createCustomer, createStudio, issueLicense, requestId } from "./issuer-under-test.ts";
import { refusal, refusedFields } from "./refusal.ts";

const NOW = Date.UTC(2030, 0, 15, 12, 0, 0, 123);
const clock = { now: () => NOW, monotonic: () => performance.now() };

let issuing: AuditedIssuer;
beforeAll(async () => {
  issuing = await auditedIssuer({ clock });
  await createStudio(issuing.under.admin);
});
afterAll(() => issuing[Symbol.asyncDispose]());

/** The entries that come of something. */
async function entriesOf(work: () => Promise<unknown>): Promise<readonly issuer.AuditEntry[]> {
  const last = (await exported(issuing.audit)).length;
  await work();
  return exported(issuing.audit, { fromSequence: BigInt(last) + 1n });
}

async function aLicense(): Promise<issuer.License> {
  const { admin } = issuing.under;
  return issueLicense(admin, (await createCustomer(admin)).name);
}

test("an entry tells who did what, when and why, and which request it was", async () => {
  const { name } = await aLicense();
  const request = { requestId: requestId(), name, why: "unpaid since May ☃" };
  const [entry, ...more] = await entriesOf(() => issuing.under.admin.suspendLicense(request));
  const bytes = issuer.SuspendLicenseRequest.encode(
    issuer.SuspendLicenseRequest.fromPartial(request),
  ).finish();
  expect(more).toEqual([]);
  expect(entry).toMatchObject({
    subject: "admin",
    method: "SuspendLicense",
    resource: name,
    why: "unpaid since May ☃",
    requestId: request.requestId,
    requestSha256: createHash("sha256").update(bytes).digest(),
    time: new Date(NOW),
  });
});

test("every entry has the next number, and the hash of itself and of the one before", async () => {
  await aLicense();
  let previous: Uint8Array = new Uint8Array(32);
  for (const [index, { time, hash, ...entry }] of (await exported(issuing.audit)).entries()) {
    expect(entry.sequence).toBe(BigInt(index) + 1n);
    const timeUs = BigInt(time!.getTime()) * 1_000n;
    expect(hash).toEqual(Buffer.from(auditHash(previous, { ...entry, timeUs })));
    previous = hash;
  }
});

test("what is repeated, refused or only validated makes no entry", async () => {
  const { admin } = issuing.under;
  const customer = { displayName: "Acme", referenceId: `r-${requestId()}` };
  const request = { requestId: requestId(), customer };
  const once = await entriesOf(async () => {
    await admin.createCustomer(request);
    await admin.createCustomer(request);
  });
  expect(once.map(({ method }) => method)).toEqual(["CreateCustomer"]);
  const { name } = await aLicense();
  const none = await entriesOf(async () => {
    await admin.suspendLicense({ requestId: requestId(), name, validateOnly: true });
    await refusal(admin.resumeLicense({ requestId: requestId(), name }));
    await refusal(admin.createCustomer({ requestId: requestId(), customer }));
  });
  expect(none).toEqual([]);
});

test("fifty mutations at a time make a chain without gaps, and none waits for another in a circle", async () => {
  const { admin } = issuing.under;
  const licenses = [await aLicense(), await aLicense()];
  const before = (await exported(issuing.audit)).length;
  await Promise.all(
    Array.from({ length: 50 }, (_, n) => {
      if (n % 2 === 0) return createCustomer(admin);
      const { name, terms } = licenses[n % 4 === 1 ? 0 : 1]!;
      const updateMask = ["seats"];
      return admin.amendLicense({
        requestId: requestId(),
        name,
        terms: { ...terms!, seats: n },
        updateMask,
      });
    }),
  );
  const entries = await exported(issuing.audit);
  expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, n) => BigInt(n) + 1n));
  expect(entries.length).toBe(before + 50);
  expect(await verdict(issuing.audit)).toEqual({
    entries: BigInt(entries.length),
    firstFault: 0n,
    fault: "",
  });
});

test("neither secrets nor product keys nor names of persons come into the log", async () => {
  const { admin } = issuing.under;
  const planted = ["Grace Canary", "Canary Holdings", "canary-sales@example.com"];
  const [person, organization, contact] = planted as [string, string, string];
  const customer = await admin.createCustomer({
    requestId: requestId(),
    customer: { displayName: organization, referenceId: `r-${requestId()}` },
  });
  await admin.createProduct({
    requestId: requestId(),
    productId: "canary-free",
    product: { displayName: person, features: [], salesContact: contact },
  });
  const license = await issueLicense(
    admin,
    customer.customer!.name,
    issuer.License.fromPartial({
      product: "products/studio",
      licensee: { name: person, organization },
      terms: (await aLicense()).terms!,
    }),
  );
  const { secret } = await admin.createProductKey({ requestId: requestId(), parent: license.name });
  const rows = await issuing.postgres.query<{ readonly text: string }>({
    text: "select string_agg(e::text, ' ') as text from audit_entry e",
  });
  const entries = (await exported(issuing.audit)).map((entry) => Object.values(entry).join(" "));
  const kept = `${rows[0]!.text} ${entries.join(" ")}`;
  expect(kept).toContain(license.name);
  const halves = [secret.slice(0, 11), secret.slice(-11), secret.replaceAll("-", "")];
  for (const canary of [...planted, secret, ...halves, "Bearer"]) {
    expect(kept.toLowerCase()).not.toContain(canary.toLowerCase());
    const hex = Buffer.from(canary).toString("hex");
    expect(kept.toLowerCase()).not.toContain(hex);
  }
});

test("an export is a range in order, in chunks, and goes on where another ended", async () => {
  await using fresh = await auditedIssuer();
  await writeEntries(fresh.postgres, 450);
  const chunks: number[] = [];
  for await (const { auditEntries } of fresh.audit.exportAuditEntries({})) {
    chunks.push(auditEntries.length);
  }
  expect(chunks).toEqual([200, 200, 50]);
  const all = await exported(fresh.audit);
  expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, n) => BigInt(n) + 1n));
  expect(all.every((entry) => isUuid(entry.requestId))).toBe(true);
  const first = await exported(fresh.audit, { toSequence: 200n });
  const rest = await exported(fresh.audit, { fromSequence: 201n });
  expect([...first, ...rest]).toEqual(all);
  expect(await exported(fresh.audit, { fromSequence: 7n, toSequence: 7n })).toEqual([all[6]]);
  expect(await exported(fresh.audit, { fromSequence: 451n })).toEqual([]);
  expect(await exported(fresh.audit, { toSequence: 9_999n })).toEqual(all);
});

test.each([
  ["begins below zero", { fromSequence: -1n }, ["from_sequence"]],
  ["ends below zero", { toSequence: -1n }, ["to_sequence"]],
  ["ends before it begins", { fromSequence: 3n, toSequence: 2n }, ["to_sequence"]],
])("an export that %s is refused", async (_, range, fields) => {
  expect(await refusedFields(exported(issuing.audit, range))).toEqual(fields);
});
