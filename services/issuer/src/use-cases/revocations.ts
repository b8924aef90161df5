import { MAX_REVOKED, signRevocationList } from "@leasehold/license-format";
import { carryOut } from "./carry-out.ts";
import { CERTIFICATE_LIFE_MS } from "./issue-certificates.ts";
import type { CurrentKeyRing } from "./key-ring.ts";
import type { Mutation } from "./mutation.ts";
import type { IssuerPorts } from "./ports.ts";

/** What revoking certificates works with. */
interface RevocationPorts extends IssuerPorts {
  readonly currentKeyRing: CurrentKeyRing;
}

/** Ends that the certificates are believed which an installation has. @param installation its name */
export async function revokeCertificate(
  ports: RevocationPorts,
  mutation: Mutation,
  installation: string,
): Promise<void> {
  await carryOut(ports, mutation, async (writes) => {
    const now = ports.clock.now();
    await writes.revokeInstallation(installation, now, now + CERTIFICATE_LIFE_MS);
    return { result: {}, resource: installation };
  });
}

/** The list of what is revoked and not over, as a `revlist+jwt`, signed just now. */
export async function revocationList({
  store,
  clock,
  currentKeyRing,
}: Pick<RevocationPorts, "store" | "clock" | "currentKeyRing">): Promise<string> {
  const { deployment, licenseKey } = currentKeyRing();
  const issuedAt = clock.now();
  const revoked = await store.readRevocations(issuedAt, MAX_REVOKED);
  return signRevocationList(licenseKey, { deployment, issuedAt, ...revoked });
}
