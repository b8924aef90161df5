import { type TokenFault, type TrustBundle, verifyTrustBundle } from "@leasehold/license-format";
import type { Issuer, TrustStore } from "./ports.ts";

/** The trust bundle in force in this process; `undefined` until one is known. */
export interface TrustInForce {
  bundle: TrustBundle | undefined;
}

/** What handling trust bundles needs. */
export interface TrustPorts {
  readonly issuer: Pick<Issuer, "trustBundle">;
  readonly store: TrustStore;
  readonly inForce: TrustInForce;
  /** The deployment that must have signed it. */
  readonly deployment: string;
  /** Its root key, 32 bytes, known beforehand. */
  readonly rootKey: Uint8Array;
}

/** What came of asking for the trust bundle. */
export type TrustOutcome =
  | { readonly kind: "unchanged" }
  | { readonly kind: "changed"; readonly version: number }
  | { readonly kind: "refused"; readonly fault: TokenFault };

/**
 * Puts the trust bundle in force that was kept, so that installations are served while the
 * issuer is away.
 */
export async function recallTrust(ports: TrustPorts): Promise<TrustOutcome> {
  const kept = await ports.store.find();
  if (kept === undefined) return { kind: "unchanged" };
  return adopt(ports, kept.token, () => Promise.resolve());
}

/** Asks the issuer for its trust bundle; keeps it and puts it in force if it is newer and verifies. */
export async function refreshTrust(ports: TrustPorts, signal: AbortSignal): Promise<TrustOutcome> {
  const token = await ports.issuer.trustBundle(signal);
  return adopt(ports, token, (version) => ports.store.keep({ version, token }));
}

async function adopt(
  { inForce, rootKey, deployment }: TrustPorts,
  token: string,
  keep: (version: number) => Promise<void>,
): Promise<TrustOutcome> {
  const verified = await verifyTrustBundle(token, rootKey, inForce.bundle?.version);
  if (verified.kind === "refused") return verified;
  const { claims } = verified;
  if (claims.deployment !== deployment) return { kind: "refused", fault: "wrong-issuer" };
  if (claims.version === inForce.bundle?.version) return { kind: "unchanged" };
  await keep(claims.version);
  inForce.bundle = claims;
  return { kind: "changed", version: claims.version };
}
