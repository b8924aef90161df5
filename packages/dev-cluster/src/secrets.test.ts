import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeSecrets } from "./secrets.ts";

/** Puts a seed in front of which PKCS #8 says that it is an Ed25519 key. */
const PKCS8_PREFIX = "302e020100300506032b657004220420";

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "leasehold-secrets-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

async function publicHalf(keyFile: string): Promise<string> {
  const seed = (await readFile(keyFile, "utf8")).trim();
  const key = createPrivateKey({
    key: Buffer.from(PKCS8_PREFIX + seed, "hex"),
    format: "der",
    type: "pkcs8",
  });
  const { x = "" } = createPublicKey(key).export({ format: "jwk" });
  return Buffer.from(x, "base64url").toString("hex");
}

test("the pinned root is the public half of the key that signs trust bundles", async () => {
  const secrets = await makeSecrets(await newFolder());
  expect(await publicHalf(secrets.trustRootKeyFile)).toBe(secrets.trustRoot);
});

test("the issuer's lease key is the public half of the one that seat-brokers sign with", async () => {
  const { leaseKeyFile, leasePublicKeysFile } = await makeSecrets(await newFolder());
  const given = (await readFile(leasePublicKeysFile, "utf8")).trim();
  expect(await publicHalf(leaseKeyFile)).toBe(given);
});

test("each service accepts the caller that it needs, with the permissions it needs and no more", async () => {
  const secrets = await makeSecrets(await newFolder());
  const digest = async (path: string) =>
    createHash("sha256")
      .update((await readFile(path, "utf8")).trim())
      .digest("hex");
  const accepted = JSON.parse(
    await readFile(secrets.bearerTokensFiles.activation, "utf8"),
  ) as unknown;
  expect(accepted).toEqual([
    {
      sha256: await digest(secrets.adminTokenFile),
      kind: "administrator",
      subject: "developer",
      permissions: ["*"],
    },
    {
      sha256: createHash("sha256").update(secrets.powerlessToken).digest("hex"),
      kind: "administrator",
      subject: "nobody",
      permissions: [],
    },
    {
      sha256: await digest(secrets.serviceTokenFiles["seat-broker"]),
      kind: "service",
      subject: "seat-broker",
      permissions: ["entitlements.watch"],
    },
  ]);
});

test("no secret can be read by another user", async () => {
  const folder = await newFolder();
  await makeSecrets(folder);
  const names = await readdir(folder);
  expect(names.length).toBeGreaterThan(8);
  for (const name of names) expect((await stat(join(folder, name))).mode & 0o077).toBe(0);
});
