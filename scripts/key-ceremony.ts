/*
 * `pnpm key-ceremony <folder>`: makes the secrets that a deployment begins with, each in a file of
 * its own that nobody but its owner can read.
 *
 * `pnpm key-ceremony <folder> --succeed <root key's file> --deployment <name>`: makes a root key
 * that takes the place of another, and what that one signs for it.
 *
 * Replaces nothing: if one of the files is there, nothing is made. Prints what may be known of
 * them, and nothing else. docs/operations/signing-keys.md tells what becomes of the files.
 */
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  generateKeyPair,
  type KeyPair,
  signingKey,
  signRootSuccession,
  thumbprint,
} from "../packages/license-format/src/index.ts";

const USAGE = "usage: key-ceremony <folder> [--succeed <root key's file> --deployment <name>]";
const ROOT_KEY = "trust-root-key";
const SUCCESSION = "root-succession";

/** What may be known of a secret that no one else has: it does not lead back to it. */
function digest(secret: Uint8Array): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Makes files of a folder that are not there yet. */
function fileMaker(folder: string, names: readonly string[]) {
  const existing = names.filter((name) => existsSync(join(folder, name)));
  if (existing.length > 0)
    throw new Error(`${folder} has ${existing.join(", ")}: nothing was made`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return (name: string, text: string) =>
    writeFileSync(join(folder, name), `${text}\n`, { mode: 0o600, flag: "wx" });
}

async function beginning(folder: string): Promise<void> {
  const write = fileMaker(folder, [ROOT_KEY, "key-encryption-key", "pepper"]);
  const root = await generateKeyPair();
  const [keyEncryptionKey, pepper] = [randomBytes(32), randomBytes(32)];
  write(ROOT_KEY, hex(root.privateKey));
  write("key-encryption-key", hex(keyEncryptionKey));
  write("pepper", hex(pepper));
  tellRoot(root);
  console.log(`key-encryption key, SHA-256: ${digest(keyEncryptionKey)}`);
  console.log(`pepper, SHA-256: ${digest(pepper)}`);
}

async function succession(folder: string, formerFile: string, deployment: string): Promise<void> {
  const text = readFileSync(formerFile, "utf8").trim();
  if (!/^[0-9a-f]{64}$/i.test(text)) throw new Error(`${formerFile} holds no root key`);
  const former = signingKey("trust", Buffer.from(text, "hex"));
  const root = await generateKeyPair();
  const issuedAt = Date.now();
  const token = await signRootSuccession(former, {
    deployment,
    successor: root.publicKey,
    issuedAt,
  });
  const write = fileMaker(folder, [ROOT_KEY, SUCCESSION]);
  write(ROOT_KEY, hex(root.privateKey));
  write(SUCCESSION, token);
  console.log(`trust root that is succeeded: ${hex(former.publicKey)}`);
  tellRoot(root);
}

function tellRoot({ publicKey }: KeyPair): void {
  console.log(`trust root, to pin: ${hex(publicKey)}`);
  console.log(`trust root, thumbprint: ${thumbprint(publicKey)}`);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

async function ceremony(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: args.filter((argument) => argument !== "--"),
    options: { succeed: { type: "string" }, deployment: { type: "string" } },
    allowPositionals: true,
  });
  const [folder, ...more] = positionals;
  const { succeed, deployment } = values;
  if (
    folder === undefined ||
    more.length > 0 ||
    (succeed === undefined) !== (deployment === undefined)
  )
    throw new Error(USAGE);
  if (succeed === undefined || deployment === undefined) return beginning(folder);
  return succession(folder, succeed, deployment);
}

try {
  await ceremony(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
