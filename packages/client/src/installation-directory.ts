import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { generateKeyPair } from "@leasehold/license-format";
import { newFingerprintSalt } from "@leasehold/machine";
import { givenBack } from "./client-problems.ts";
import { isGivenBack } from "./given-back.ts";
import { createFile, readIfThere, replaceFile } from "./durable-file.ts";

/** What a directory holds of an installation. Each part is there or not. */
export interface StoredInstallation {
  /** The seed of the Ed25519 key, 32 bytes. */
  readonly privateKey: Uint8Array | undefined;
  /** The license file. */
  readonly licenseFile: string | undefined;
  /** The root public key that the license file was verified with, 32 bytes. */
  readonly trustRoot: Uint8Array | undefined;
}

const KEY = "installation.key";
const LICENSE = "license.lic";
const TRUST_ROOT = "trust-root";
const FINGERPRINT_SALT = "fingerprint.salt";

/**
 * Reads what there is. A directory that does not exist holds nothing.
 * @throws Error if the trust root is there but is no key
 */
export async function readInstallationDirectory(directory: string): Promise<StoredInstallation> {
  const [key, licenseFile, root] = await Promise.all(
    [KEY, LICENSE, TRUST_ROOT].map((name) => readIfThere(join(directory, name))),
  );
  const trustRoot = fromHex(root);
  // Treated as absent, it would let whoever spoilt it bring a root of their own.
  if (root !== undefined && trustRoot === undefined)
    throw new Error(`${join(directory, TRUST_ROOT)} holds no root key`);
  return { privateKey: fromHex(key), licenseFile, trustRoot };
}

/**
 * The installation's private key: the one that the directory holds, or a new one. It is on
 * disk before it is returned, so that an unlocking that is repeated is the same installation.
 * @throws Problem INSTALLATION_ENDED if the directory's installation was given back: its key is kept
 *   to prove that, and unlocks nothing any more; Error if the key file is there but holds no key
 */
export async function ensurePrivateKey(directory: string): Promise<Uint8Array> {
  if (await isGivenBack(directory)) throw givenBack();
  const path = join(directory, KEY);
  const make = async () => (await generateKeyPair()).privateKey;
  const key = await ensureSecret(directory, path, make);
  if (key === undefined) throw new Error(`${path} holds no private key`);
  return key;
}

/**
 * The salt of the machine's fingerprint: the one that the directory holds, or a new one, 32 bytes.
 * @throws Error if the file is there but holds no salt
 */
export async function ensureFingerprintSalt(directory: string): Promise<Uint8Array> {
  const path = join(directory, FINGERPRINT_SALT);
  const salt = await ensureSecret(directory, path, newFingerprintSalt);
  if (salt === undefined) throw new Error(`${path} holds no salt`);
  return salt;
}

/** 32 bytes, as hex in a file of their own. */
async function ensureSecret(
  directory: string,
  path: string,
  make: () => Uint8Array | Promise<Uint8Array>,
): Promise<Uint8Array | undefined> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if ((await readIfThere(path)) === undefined)
    await createFile(path, `${Buffer.from(await make()).toString("hex")}\n`, 0o600);
  return fromHex(await readIfThere(path)); // whoever came first decided
}

/** Stores a license file that was verified, and the root key that it was verified with. */
export async function storeLicenseFile(
  directory: string,
  licenseFile: string,
  trustRoot: Uint8Array,
): Promise<void> {
  await pinTrustRoot(directory, trustRoot);
  await replaceFile(join(directory, LICENSE), licenseFile, 0o600);
}

/** Stores the root key that license files must verify with. */
export async function pinTrustRoot(directory: string, trustRoot: Uint8Array): Promise<void> {
  const root = `${Buffer.from(trustRoot).toString("hex")}\n`;
  await replaceFile(join(directory, TRUST_ROOT), root, 0o600);
}

/** Forgets the license file: nothing is licensed here any more. */
export function forgetLicenseFile(directory: string): Promise<void> {
  return rm(join(directory, LICENSE), { force: true });
}

/** Forgets an installation that is over. The key first: without it nobody is that installation any more. */
export async function forgetInstallation(directory: string): Promise<void> {
  for (const name of [KEY, LICENSE]) await rm(join(directory, name), { force: true });
}

function fromHex(text: string | undefined): Uint8Array | undefined {
  const hex = text?.trim() ?? "";
  return /^[0-9a-f]{64}$/i.test(hex) ? new Uint8Array(Buffer.from(hex, "hex")) : undefined;
}
