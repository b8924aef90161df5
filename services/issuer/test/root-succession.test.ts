import {
  generateKeyPair,
  publicKeyOf,
  signingKey,
  signRootSuccession,
  verifyTrustBundle,
} from "@leasehold/license-format";
import { systemClock } from "@leasehold/kernel";
import { beforeAll, expect, test } from "vitest";
import { DEPLOYMENT, ROOT_KEY, ROOT_PUBLIC_KEY, startIssuer } from "./issuer-under-test.ts";
import { migratedPostgres } from "./migrated-postgres.ts";

let successor: Uint8Array;
let rootSuccessions: readonly string[];
beforeAll(async () => {
  successor = (await generateKeyPair()).privateKey;
  rootSuccessions = [await successionTo(publicKeyOf(successor))];
});

function successionTo(publicKey: Uint8Array, deployment = DEPLOYMENT): Promise<string> {
  return signRootSuccession(signingKey("trust", ROOT_KEY), {
    deployment,
    successor: publicKey,
    issuedAt: systemClock.now(),
  });
}

async function bundleOf(databaseUrl: string, config: object = {}): Promise<string> {
  await using under = await startIssuer(databaseUrl, { config });
  return (await under.admin.getTrustBundle({})).trustBundle;
}

test("after a change of the root, whoever has pinned the earlier one believes what the next one signs", async () => {
  await using database = await migratedPostgres();
  await bundleOf(database.url);
  const changed = await bundleOf(database.url, { trustRootKey: successor, rootSuccessions });
  for (const pinned of [ROOT_PUBLIC_KEY, publicKeyOf(successor)])
    expect(await verifyTrustBundle(changed, pinned, 2)).toMatchObject({
      kind: "verified",
      claims: { version: 2 },
    });
  expect(await bundleOf(database.url, { trustRootKey: successor, rootSuccessions })).toBe(changed);
});

test("the earlier root does not take the place back", async () => {
  await using database = await migratedPostgres();
  await bundleOf(database.url, { trustRootKey: successor, rootSuccessions });
  await expect(bundleOf(database.url)).rejects.toThrow(/root key/);
});

test.each([
  [
    "do not lead to the root key",
    async () => [await successionTo((await generateKeyPair()).publicKey)],
  ],
  [
    "are of another deployment",
    async () => [await successionTo(publicKeyOf(successor), "elsewhere")],
  ],
  ["are no tokens", () => ["nothing"]],
])("an issuer does not start with successions that %s", async (_, make) => {
  await using database = await migratedPostgres();
  const config = { trustRootKey: successor, rootSuccessions: await make() };
  await expect(bundleOf(database.url, config)).rejects.toThrow(/root succession/);
});
