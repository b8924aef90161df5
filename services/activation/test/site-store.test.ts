import { newUuid, systemClock, systemRandom, type Uuid } from "@leasehold/kernel";
import { signingKey, thumbprint, verifyTrustBundle } from "@leasehold/license-format";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SiteLicense } from "../src/domain/site-license.ts";
import { newLease } from "../src/domain/site-seat.ts";
import { postgresSite, postgresSiteKeys } from "../src/store/postgres-site.ts";
import { postgresTrust } from "../src/store/postgres-trust.ts";
import { openSiteKeys } from "../src/use-cases/site-keys.ts";
import type { SiteStore } from "../src/use-cases/site-ports.ts";
import { type ActivationDatabase, activationDatabase } from "./activation-database.ts";

const NAME = "customers/acme/licenses/0199d3a5-7a00-7000-8000-000000000001";
const NOW = 1_800_000_000_000;
const LICENSE: SiteLicense = {
  license: NAME,
  product: "products/studio",
  licensee: { name: "Ada", organization: "Acme" },
  state: "SUSPENDED",
  terms: {
    model: "FLOATING",
    seats: 3,
    features: [
      { feature: "dataflow", seats: 2 },
      { feature: "diagrams", limit: 2n ** 62n },
    ],
    startTime: NOW,
    endTime: NOW + 1,
    leaseTimes: { validityMs: 45_000, graceMs: 10_000 },
    seatPolicy: new Uint8Array([1, 2]),
    passedTerms: new Uint8Array(),
  },
  offlineDays: 3,
  certified: { trial: true, versions: { oldest: "4" } },
};

let database: ActivationDatabase;
let store: SiteStore;

beforeAll(async () => {
  database = await activationDatabase();
  store = postgresSite(database.postgres);
});
afterAll(() => database[Symbol.asyncDispose]());

const process = (): Uuid => newUuid(systemClock, systemRandom);

test("what the vendor told comes back as it was told", async () => {
  expect(await store.enter(process())).toEqual({
    license: undefined,
    seenTime: 0,
    vendorContactTime: undefined,
  });
  await store.keepLicense(LICENSE, NOW);
  expect(await store.enter(process())).toMatchObject({ license: LICENSE, vendorContactTime: NOW });
});

test("the time that was counted never goes back", async () => {
  const own = process();
  await store.enter(own);
  await store.noteTime(NOW, own);
  await store.noteTime(NOW - 5_000, own);
  expect((await store.enter(own)).seenTime).toBe(NOW);
});

test("the process that started last looks after the site, and the one before is told", async () => {
  const [first, second] = [process(), process()];
  await store.enter(first);
  expect(await store.noteTime(NOW, first)).toBe(true);
  await store.enter(second);
  expect(await store.noteTime(NOW, first)).toBe(false);
  expect(await store.noteTime(NOW, second)).toBe(true);
});

test("a seat is asked for, held, extended and never shortened, and forgotten", async () => {
  const lease = newLease(NAME, systemClock, systemRandom);
  await store.ask({ lease, features: ["dataflow"] }, NOW);
  expect(await store.seats()).toEqual([{ lease, features: ["dataflow"] }]);
  const hold = (borrow: string, endTime: number) =>
    store.hold(lease, { borrow, endTime, extendTime: NOW });
  await hold("first", NOW + 2_000);
  await hold("shorter", NOW + 1_000);
  const held = { endTime: NOW + 2_000, extendTime: NOW };
  expect(await store.seats()).toEqual([{ lease, features: ["dataflow"], held }]);
  await hold("longer", NOW + 3_000);
  expect((await store.seats())[0]?.held?.endTime).toBe(NOW + 3_000);
  await store.forget(lease);
  await hold("too late", NOW + 9_000);
  expect(await store.seats()).toEqual([]);
});

test("a site's keys are made once, sealed, and opened by the same key-encryption key alone", async () => {
  const opening = {
    keys: postgresSiteKeys(database.postgres),
    trust: postgresTrust(database.postgres),
    deployment: "site.test",
    keyEncryptionKeys: [new Uint8Array(32).fill(1)] as const,
    leasePublicKeys: [],
    clock: systemClock,
    random: systemRandom,
  };
  const [ring, same] = await Promise.all([openSiteKeys(opening), openSiteKeys(opening)]);
  expect(same.rootPublicKey).toEqual(ring.rootPublicKey);
  const verified = await verifyTrustBundle(ring.trustBundle, ring.rootPublicKey);
  expect(verified).toMatchObject({
    kind: "verified",
    claims: { deployment: "site.test", version: 1 },
  });
  await opening.trust.keep({ version: 1, token: ring.trustBundle });
  expect((await openSiteKeys(opening)).trustBundle).toBe(ring.trustBundle);

  const leaseKey = signingKey("lease", systemRandom(32)).publicKey;
  const rotated = await openSiteKeys({ ...opening, leasePublicKeys: [leaseKey] });
  const next = await verifyTrustBundle(rotated.trustBundle, ring.rootPublicKey, 2);
  const lease = expect.objectContaining({ kid: thumbprint(leaseKey), purpose: "lease" }) as object;
  expect(next).toMatchObject({ claims: { keys: expect.arrayContaining([lease]) as object } });

  const other = new Uint8Array(32).fill(2);
  const foreign = { ...opening, keyEncryptionKeys: [other] as const };
  await expect(openSiteKeys(foreign)).rejects.toThrow("key-encryption key");
  await expect(openSiteKeys({ ...opening, deployment: "other" })).rejects.toThrow("deployment");

  const changing = {
    ...opening,
    keyEncryptionKeys: [other, ...opening.keyEncryptionKeys] as const,
  };
  expect((await openSiteKeys(changing)).licenseKey.kid).toBe(ring.licenseKey.kid);
  expect((await openSiteKeys(foreign)).licenseKey.kid).toBe(ring.licenseKey.kid);
  await expect(openSiteKeys(opening)).rejects.toThrow("key-encryption key");
});
