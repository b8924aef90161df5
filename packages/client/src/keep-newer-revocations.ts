import { type TrustBundle, verifyRevocationList } from "@leasehold/license-format";
import type { RefreshDirectory } from "./refresh-directory.ts";

/**
 * Keeps a revocation list that verifies, unless it is older than the one that is kept.
 * @param received a `revlist+jwt`; empty if there was none to be had
 */
export async function keepNewerRevocations(
  refreshes: Pick<RefreshDirectory, "revocations" | "keepRevocations">,
  received: string,
  trust: TrustBundle,
): Promise<void> {
  if (received === "") return;
  const known = await versionOf(await refreshes.revocations(), trust);
  const list = await verifyRevocationList(received, trust, known);
  if (list.kind === "verified") await refreshes.keepRevocations(received);
}

/** 0 for a list that does not verify by the keys of now: any other one is better. */
async function versionOf(list: string | undefined, trust: TrustBundle): Promise<number> {
  const verified = list === undefined ? undefined : await verifyRevocationList(list, trust);
  return verified?.kind === "verified" ? verified.claims.version : 0;
}
