import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type TrustBundle, verifyRevocationList } from "@leasehold/license-format";
import { readIfThere, replaceFile } from "./durable-file.ts";
import { REFRESH_FOLDER } from "./refresh-directory.ts";

/** The newest revocation list that a directory holds, a `revlist+jwt`; `undefined` if it has none. */
export function keptRevocations(directory: string): Promise<string | undefined> {
  return readIfThere(join(directory, REFRESH_FOLDER, FILE));
}

const FILE = "revocations";

/**
 * Keeps a revocation list that verifies, unless it is older than the one that is kept.
 * @param received a `revlist+jwt`; empty if there was none to be had
 */
export async function keepNewerRevocations(
  directory: string,
  received: string,
  trust: TrustBundle,
): Promise<void> {
  if (received === "") return;
  const known = await versionOf(await keptRevocations(directory), trust);
  const list = await verifyRevocationList(received, trust, known);
  if (list.kind === "refused") return;
  await mkdir(join(directory, REFRESH_FOLDER), { recursive: true, mode: 0o700 });
  await replaceFile(join(directory, REFRESH_FOLDER, FILE), received, 0o600);
}

/** 0 for a list that does not verify by the keys of now: any other one is better. */
async function versionOf(list: string | undefined, trust: TrustBundle): Promise<number> {
  const verified = list === undefined ? undefined : await verifyRevocationList(list, trust);
  return verified?.kind === "verified" ? verified.claims.version : 0;
}
