/*
 * `pnpm key-ceremony <folder>`: makes the secrets that a deployment begins with, each in a file of
 * its own that nobody but its owner can read. Replaces nothing: if one is there, nothing is made.
 * Prints what may be known of them, and nothing else. docs/operations/signing-keys.md tells
 * what becomes of the files.
 */
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateKeyPair, thumbprint } from "../packages/license-format/src/index.ts";

const SECRETS = ["trust-root-key", "key-encryption-key", "pepper"] as const;

/** What may be known of a secret that no one else has: it does not lead back to it. */
function digest(secret: Uint8Array): string {
  return createHash("sha256").update(secret).digest("hex");
}

async function ceremony(folder: string): Promise<void> {
  const existing = SECRETS.filter((name) => existsSync(join(folder, name)));
  if (existing.length > 0)
    throw new Error(`${folder} has ${existing.join(", ")}: nothing was made`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const root = await generateKeyPair();
  const [keyEncryptionKey, pepper] = [randomBytes(32), randomBytes(32)];
  const write = (name: (typeof SECRETS)[number], secret: Uint8Array) => {
    const text = `${Buffer.from(secret).toString("hex")}\n`;
    writeFileSync(join(folder, name), text, { mode: 0o600, flag: "wx" });
  };
  write("trust-root-key", root.privateKey);
  write("key-encryption-key", keyEncryptionKey);
  write("pepper", pepper);
  const lines = [
    ["trust root, to pin", Buffer.from(root.publicKey).toString("hex")],
    ["trust root, thumbprint", thumbprint(root.publicKey)],
    ["key-encryption key, SHA-256", digest(keyEncryptionKey)],
    ["pepper, SHA-256", digest(pepper)],
  ];
  for (const [what, value] of lines) console.log(`${what}: ${value}`);
}

const [folder, ...more] = process.argv.slice(2).filter((argument) => argument !== "--");
try {
  if (folder === undefined || more.length > 0) throw new Error("usage: key-ceremony <folder>");
  await ceremony(folder);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
