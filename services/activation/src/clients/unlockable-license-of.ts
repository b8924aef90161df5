import { issuer, VirtualMachinePolicy, type VersionRange as WireRange } from "@leasehold/contracts";
import type { UnlockTerms } from "../domain/unlock-conditions.ts";
import type { VersionRange, VersionTolerance } from "@leasehold/license-format";
import type { UnlockableLicense, UnlockedProduct } from "../use-cases/unlock-ports.ts";
import { licenseFactsOf } from "./license-facts-of.ts";

const POLICIES = {
  [VirtualMachinePolicy.UNSPECIFIED]: "ALLOW",
  [VirtualMachinePolicy.ALLOW]: "ALLOW",
  [VirtualMachinePolicy.DENY]: "DENY",
  [VirtualMachinePolicy.ALLOW_WITH_CAP]: "ALLOW_WITH_CAP",
} as const satisfies Record<VirtualMachinePolicy, UnlockTerms["virtualMachinesPolicy"]>;

const TOLERANCES = {
  [issuer.VersionTolerance.UNSPECIFIED]: "ANY",
  [issuer.VersionTolerance.ANY]: "ANY",
  [issuer.VersionTolerance.SAME_MAJOR]: "SAME_MAJOR",
  [issuer.VersionTolerance.SAME_MINOR]: "SAME_MINOR",
} as const satisfies Record<issuer.VersionTolerance, VersionTolerance>;

/**
 * What the issuer tells of a license that a key unlocks, and of its product.
 * @throws Error if it lacks what every license has, or says what this service does not know: it must
 *   not guess at conditions
 */
export function unlockableLicenseOf({
  license,
  product,
}: issuer.VerifyProductKeyResponse): UnlockableLicense {
  if (license?.licensee === undefined || product === undefined)
    throw new Error("the issuer's answer lacks the license, its licensee or its product");
  const facts = licenseFactsOf(license);
  return {
    facts,
    licensee: license.licensee,
    terms: termsOf(license, facts),
    product: productOf(product),
  };
}

function termsOf({ name, terms }: issuer.License, facts: UnlockableLicense["facts"]): UnlockTerms {
  const { state } = facts;
  const { startTime, endTime } = facts.terms;
  const policy = terms?.installationPolicy;
  const virtualMachinesPolicy =
    POLICIES[policy?.virtualMachinesPolicy ?? VirtualMachinePolicy.UNSPECIFIED];
  if (virtualMachinesPolicy === undefined)
    throw new Error(`the policy of the issuer's ${name} is not understood`);
  return {
    state,
    startTime,
    endTime,
    maintenanceEndTime: terms?.maintenanceEndTime?.getTime() ?? endTime,
    versions: rangeOf(terms?.versions),
    installations: placesOf(facts, policy?.installations ?? 0),
    virtualMachinesPolicy,
    virtualMachines: policy?.virtualMachines ?? 0,
    domains: policy?.domains ?? [],
    networks: policy?.networks ?? [],
  };
}

/** A license of named machines is for as many as it has seats: a machine is named by being unlocked. */
function placesOf({ terms }: UnlockableLicense["facts"], installations: number): number {
  if (terms.model !== "NAMED_MACHINE") return installations;
  return installations === 0 ? terms.seats : Math.min(installations, terms.seats);
}

function productOf(product: issuer.Product): UnlockedProduct {
  const { displayName, features, salesContact, helpContact, versionPolicy } = product;
  const tolerance = versionPolicy?.tolerance ?? issuer.VersionTolerance.UNSPECIFIED;
  return {
    displayName,
    featureNames: new Map(features.map((feature) => [feature.code, feature.displayName])),
    salesContact,
    helpContact,
    supported: rangeOf(versionPolicy?.supported),
    // A rule that only warns may be one that is not known here.
    tolerance: TOLERANCES[tolerance] ?? "ANY",
  };
}

function rangeOf(range: WireRange | undefined): VersionRange {
  const { oldest = "", newest = "" } = range ?? {};
  return { ...(oldest !== "" && { oldest }), ...(newest !== "" && { newest }) };
}
