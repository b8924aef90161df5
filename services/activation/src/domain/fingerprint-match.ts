import { matchFingerprint } from "@leasehold/machine/rules";
import type { Fingerprint } from "./installation.ts";

/**
 * Whether a machine is the known one. A machine that told of itself once goes on telling, by digests of
 * the same salt; one that never told may be any.
 */
export function matches(
  known: Fingerprint | undefined,
  presented: Fingerprint | undefined,
): boolean {
  if (known === undefined || known.components.size === 0) return true;
  if (presented === undefined) return false;
  const { kind } = matchFingerprint(known, presented);
  return kind === "same" || kind === "drifted";
}
