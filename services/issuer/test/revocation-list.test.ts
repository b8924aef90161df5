import { issuer } from "@leasehold/contracts";
import {
  isRevoked,
  verifyInstallation,
  verifyRevocationList,
  verifyTrustBundle,
} from "@leasehold/license-format";
import type { RevocationList, TrustBundle } from "@leasehold/license-format";
import type { Client } from "@leasehold/rpc-client";
import { manualClock } from "@leasehold/testkit";
import type { ManualClock } from "@leasehold/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  createCustomer,
  createStudio,
  issueLicense,
  requestId,
  ROOT_PUBLIC_KEY,
  startIssuer,
  wireLicense,
  wireTerms,
} from "./issuer-under-test.ts";
import type { IssuerUnderTest } from "./issuer-under-test.ts";
import { migratedPostgres } from "./migrated-postgres.ts";
import type { MigratedPostgres } from "./migrated-postgres.ts";
import { refusedFields } from "./refusal.ts";

const NOW = Date.UTC(2030, 0, 1);
const DAY = 24 * 3_600_000;

let clock: ManualClock;
let database: MigratedPostgres;
let under: IssuerUnderTest;
let signing: Client<typeof issuer.SigningServiceDefinition>;

beforeEach(async () => {
  clock = manualClock(NOW);
  database = await migratedPostgres();
  under = await startIssuer(database.url, { clock });
  signing = under.of(issuer.SigningServiceDefinition, "admin");
  await createStudio(under.admin);
});
afterEach(async () => {
  await under[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

async function trust(): Promise<TrustBundle> {
  const { trustBundle } = await under.admin.getTrustBundle({});
  const verified = await verifyTrustBundle(trustBundle, ROOT_PUBLIC_KEY);
  if (verified.kind === "refused") throw new Error(verified.fault);
  return verified.claims;
}

async function read(token: string): Promise<RevocationList> {
  const verified = await verifyRevocationList(token, await trust());
  if (verified.kind === "refused") throw new Error(verified.fault);
  return verified.claims;
}

async function current(): Promise<RevocationList> {
  const anyone = under.of(issuer.SigningServiceDefinition);
  return read((await anyone.getRevocationList({})).revocationList);
}

async function revoke(installation: string): Promise<RevocationList> {
  const request = { requestId: requestId(), installation };
  return read((await signing.revokeCertificate(request)).revocationList);
}

async function license(endTime: number): Promise<string> {
  const { name } = await createCustomer(under.admin);
  const terms = wireTerms({ endTime: new Date(endTime) });
  return (await issueLicense(under.admin, name, wireLicense({ terms }))).name;
}

test("where nothing is revoked the list is empty", async () => {
  expect(await current()).toMatchObject({ version: 0, licenses: [], installations: [] });
});

test("a revoked license is on the list until its end", async () => {
  const name = await license(NOW + 400 * DAY);
  await under.admin.revokeLicense({ requestId: requestId(), name });
  const list = await current();
  expect(list.version).toBe(1);
  expect(isRevoked(list, { license: name, issuedAt: NOW })).toBe(true);
  clock.advance(400 * DAY);
  expect(await current()).toMatchObject({ version: 1, licenses: [] });
});

test("a license that is only suspended is not on the list", async () => {
  const name = await license(NOW + DAY);
  await under.admin.suspendLicense({ requestId: requestId(), name });
  expect(await current()).toMatchObject({ version: 0, licenses: [] });
});

test("an installation's certificates are revoked for as long as the last of them would last", async () => {
  const installation = `installations/${requestId()}`;
  const answer = await under.activation.issueCertificates({
    license: await license(NOW + 400 * DAY),
    installation,
    publicKey: Buffer.alloc(32, 7),
  });
  const verified = await verifyInstallation(answer.installationCertificate, await trust(), {
    now: NOW,
  });
  if (verified.kind === "refused") throw new Error(verified.fault);
  expect(isRevoked(await current(), verified.claims)).toBe(false);
  const list = await revoke(installation);
  expect(list.version).toBe(1);
  expect(isRevoked(list, verified.claims)).toBe(true);
  clock.advance(30 * DAY - 1);
  expect((await current()).installations).toHaveLength(1);
  clock.advance(1);
  expect(await current()).toMatchObject({ version: 1, installations: [] });
});

test("the version rises with each revocation, none of those at a time is lost, and what is over is forgotten", async () => {
  const again = `installations/${requestId()}`;
  await Promise.all(Array.from({ length: 10 }, () => revoke(`installations/${requestId()}`)));
  await revoke(again);
  clock.advance(DAY);
  const list = await revoke(again);
  expect(list).toMatchObject({ version: 12 });
  expect(list.installations).toHaveLength(11);
  expect(list.installations[0]?.revokedAt).toBe(NOW + DAY);
  clock.advance(30 * DAY);
  await revoke(`installations/${requestId()}`);
  const rows = await database.postgres.query({ text: "select from revoked_installation" });
  expect(rows).toHaveLength(1);
});

test("what is repeated or only validated makes no new version", async () => {
  const request = { requestId: requestId(), installation: `installations/${requestId()}` };
  await signing.revokeCertificate(request);
  await signing.revokeCertificate(request);
  await signing.revokeCertificate({ ...request, requestId: requestId(), validateOnly: true });
  expect((await current()).version).toBe(1);
});

test("the list is believed after the license key was rotated", async () => {
  const { revocationList } = await signing.getRevocationList({});
  await signing.rotateSigningKey({ requestId: requestId(), purpose: "license" });
  expect((await read(revocationList)).version).toBe(0);
  expect((await current()).version).toBe(0);
});

test.each(["", "installations/x", `installation/${requestId()}`])(
  "%j is no name of an installation",
  async (name) => {
    expect(await refusedFields(revoke(name))).toEqual(["installation"]);
  },
);

test.each([
  ["a version that goes back", "update revocation_head set version = 0", /rises/],
  ["a version that skips one", "update revocation_head set version = version + 2", /rises/],
  ["the loss of the version", "delete from revocation_head", /rises/],
  [
    "a revocation without end",
    "insert into revoked_installation values (gen_random_uuid(), now(), 'infinity')",
    /revoked_installation_bounded_check/,
  ],
])("the database refuses %s", async (_, text, why) => {
  await expect(database.postgres.query({ text })).rejects.toThrow(why);
});
