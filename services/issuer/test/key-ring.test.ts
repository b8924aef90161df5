import { generateKeyPair, publicKeyOf, verifyTrustBundle } from "@leasehold/license-format";
import { expect, test } from "vitest";
import { unseal } from "@leasehold/license-format";
import {
  requestId,
  ROOT_PUBLIC_KEY,
  startIssuer,
  createCustomer,
  createStudio,
  issueLicense,
} from "./issuer-under-test.ts";
import { migratedPostgres } from "./migrated-postgres.ts";

async function bundleOf(
  databaseUrl: string,
  leasePublicKeys?: readonly Uint8Array[],
): Promise<string> {
  await using under = await startIssuer(databaseUrl, { config: { leasePublicKeys } });
  return (await under.admin.getTrustBundle({})).trustBundle;
}

test("signing keys and trust bundle survive a restart", async () => {
  await using database = await migratedPostgres();
  const first = await bundleOf(database.url);
  expect(await bundleOf(database.url)).toBe(first);
  expect(await verifyTrustBundle(first, ROOT_PUBLIC_KEY)).toMatchObject({ kind: "verified" });
});

test("issuers that start at a time have the same keys and one bundle", async () => {
  await using database = await migratedPostgres();
  const bundles = await Promise.all(Array.from({ length: 4 }, () => bundleOf(database.url)));
  expect(new Set(bundles).size).toBe(1);
  const counts =
    "select (select count(*) from signing_key) as keys, (select count(*) from trust_bundle) as bundles";
  expect(await database.postgres.query({ text: counts })).toEqual([{ keys: 3n, bundles: 1n }]);
});

test("the bundle takes the next version when the seat-brokers' keys change, and only then", async () => {
  await using database = await migratedPostgres();
  const [one, two] = [(await generateKeyPair()).publicKey, (await generateKeyPair()).publicKey];
  const leaseKeys = async (...keys: readonly Uint8Array[]) => {
    const verified = await verifyTrustBundle(await bundleOf(database.url, keys), ROOT_PUBLIC_KEY);
    if (verified.kind === "refused") throw new Error(verified.fault);
    const found = verified.claims.keys.filter(({ purpose }) => purpose === "lease");
    return { version: verified.claims.version, keys: found.map(({ publicKey }) => publicKey) };
  };
  expect(await leaseKeys()).toEqual({ version: 1, keys: [] });
  expect(await leaseKeys(one)).toEqual({ version: 2, keys: [one] });
  expect(await leaseKeys(one)).toEqual({ version: 2, keys: [one] });
  expect(await leaseKeys(two, one)).toEqual({ version: 3, keys: [two, one] });
  expect(await leaseKeys(one, two)).toMatchObject({ version: 3 });
  expect(await leaseKeys(two)).toEqual({ version: 4, keys: [two] });
});

test("a key that is lost from the database is replaced, and the bundle takes the next version", async () => {
  await using database = await migratedPostgres();
  const first = await bundleOf(database.url);
  await database.postgres.query({ text: "delete from signing_key where purpose = 'install'" });
  const second = await bundleOf(database.url);
  const [before, after] = await Promise.all(
    [first, second].map(async (token) => {
      const verified = await verifyTrustBundle(token, ROOT_PUBLIC_KEY);
      if (verified.kind === "refused") throw new Error(verified.fault);
      return verified.claims;
    }),
  );
  expect([before!.version, after!.version]).toEqual([1, 2]);
  const kid = (bundle: typeof before, purpose: string) =>
    bundle!.keys.find((key) => key.purpose === purpose)?.kid;
  expect(kid(after, "license")).toBe(kid(before, "license"));
  expect(kid(after, "install")).not.toBe(kid(before, "install"));
});

test.each([
  [
    "another key-encryption key",
    { keyEncryptionKey: [new Uint8Array(32).fill(99)] as const },
    /key-encryption key/,
  ],
  ["another root key", { trustRootKey: new Uint8Array(32).fill(99) }, /root key/],
  ["another deployment", { deployment: "other.example" }, /another deployment/],
  ["the root key as a lease key", { leasePublicKeys: [ROOT_PUBLIC_KEY] }, /something else/],
  ["another pepper", { pepper: [new Uint8Array(32).fill(99)] as const }, /another pepper/],
])("an issuer with %s does not start, and says so", async (_, config, why) => {
  await using database = await migratedPostgres();
  {
    await using under = await startIssuer(database.url);
    const { name } = await createCustomer(under.admin);
    await createStudio(under.admin);
    const license = await issueLicense(under.admin, name);
    await under.admin.createProductKey({ requestId: requestId(), parent: license.name });
  }
  await expect(startIssuer(database.url, { config })).rejects.toThrow(why);
  await expect(bundleOf(database.url)).resolves.toBeTypeOf("string");
});

test("a sealed key that was moved to the other purpose does not open", async () => {
  await using database = await migratedPostgres();
  await bundleOf(database.url);
  const swap = `update signing_key k set sealed_private_key = o.sealed_private_key
    from signing_key o where o.purpose <> k.purpose`;
  await database.postgres.query({ text: swap });
  await expect(startIssuer(database.url)).rejects.toThrow(/key-encryption key/);
});

test("keys are sealed anew under the newest key-encryption key, and open under it alone from then on", async () => {
  await using database = await migratedPostgres();
  const [former, newest] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(8)];
  const start = (...keyEncryptionKey: [Uint8Array, ...Uint8Array[]]) =>
    startIssuer(database.url, { config: { keyEncryptionKey } });
  const bundle = await bundleOf(database.url);
  {
    await using rotated = await start(newest, former);
    expect((await rotated.admin.getTrustBundle({})).trustBundle).toBe(bundle);
  }
  await expect(start(former)).rejects.toThrow(/key-encryption key/);
  await using after = await start(newest);
  expect((await after.admin.getTrustBundle({})).trustBundle).toBe(bundle);
});

test("nothing of the database is a private key without the key-encryption key", async () => {
  await using database = await migratedPostgres();
  await bundleOf(database.url);
  const rows = await database.postgres.query<{
    readonly kid: string;
    readonly purpose: string;
    readonly public_key: Buffer;
    readonly sealed_private_key: Buffer;
  }>({ text: "select kid, purpose, public_key, sealed_private_key from signing_key" });
  expect(rows).toHaveLength(3);
  for (const { public_key: publicKey, sealed_private_key: sealed, ...context } of rows) {
    const foreign = new Uint8Array(32).fill(99);
    expect(unseal(foreign, context, sealed)).toBeUndefined();
    const windows = Array.from({ length: sealed.length - 31 }, (_, n) =>
      sealed.subarray(n, n + 32),
    );
    expect(windows.some((bytes) => publicKey.equals(publicKeyOf(bytes)))).toBe(false);
    const opened = unseal(new Uint8Array(32).fill(1), context, sealed)!;
    expect(publicKey.equals(publicKeyOf(opened))).toBe(true);
  }
});
