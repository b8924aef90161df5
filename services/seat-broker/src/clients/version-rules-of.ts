import { issuer, type VersionRange as ToldRange } from "@leasehold/contracts";
import type { VersionRange, VersionTolerance } from "@leasehold/license-format";
import type { VersionRules } from "../domain/version-rules.ts";

const TOLERANCES = {
  [issuer.VersionTolerance.UNSPECIFIED]: "ANY",
  [issuer.VersionTolerance.ANY]: "ANY",
  [issuer.VersionTolerance.SAME_MAJOR]: "SAME_MAJOR",
  [issuer.VersionTolerance.SAME_MINOR]: "SAME_MINOR",
} as const satisfies Record<issuer.VersionTolerance, VersionTolerance>;

/** What an entitlement says of versions. */
export function versionRulesOf(
  licensed: ToldRange | undefined,
  policy: issuer.VersionPolicy | undefined,
): VersionRules {
  const supported = rangeOf(policy?.supported);
  const forLicense = rangeOf(licensed);
  return {
    ...(forLicense && { licensed: forLicense }),
    ...(supported && { supported }),
    // A tolerance that this release does not know warns of nothing.
    tolerance: (policy && TOLERANCES[policy.tolerance]) ?? "ANY",
  };
}

/** `undefined` for a range that is open at both ends. */
function rangeOf(told: ToldRange | undefined): VersionRange | undefined {
  const { oldest = "", newest = "" } = told ?? {};
  if (oldest === "" && newest === "") return undefined;
  return { ...(oldest !== "" && { oldest }), ...(newest !== "" && { newest }) };
}
