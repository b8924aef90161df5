import type { LicenseState } from "./license-facts.ts";
import type { MachineKind } from "@leasehold/machine/rules";
import { hostIsIn } from "./host-name.ts";
import { covers, type VersionRange, type VersionTolerance } from "@leasehold/license-format";

/** What a license demands of who unlocks it. Times are milliseconds since 1970. */
export interface UnlockTerms {
  readonly state: LicenseState;
  /** Inclusive. */
  readonly startTime: number;
  /** Exclusive. */
  readonly endTime: number;
  /** Until when new versions are included, exclusive. */
  readonly maintenanceEndTime: number;
  /** Of the license; every one if it is open. */
  readonly versions: VersionRange;
  /** How many installations it may have at a time; 0 for any number. */
  readonly installations: number;
  readonly virtualMachinesPolicy: "ALLOW" | "DENY" | "ALLOW_WITH_CAP";
  /** On how many virtual machines, with ALLOW_WITH_CAP. */
  readonly virtualMachines: number;
  /** In lower case; none for hosts of any domain. */
  readonly domains: readonly string[];
  /** In CIDR notation; none for hosts of any network. */
  readonly networks: readonly string[];
}

/** Which versions of a product are supported, and how far they may differ. */
export interface ProductVersions {
  readonly supported: VersionRange;
  readonly tolerance: VersionTolerance;
}

/** Who unlocks, and from where. */
export interface Unlocker {
  /** `major[.minor[.patch]]`; empty if it was not told. */
  readonly version: string;
  /** When that version was released, milliseconds since 1970. */
  readonly releaseTime: number | undefined;
  readonly machine: MachineKind;
  /** As the machine calls itself; may be empty. */
  readonly host: string;
  /** Whether the address that it calls from is in one of these networks. */
  readonly isWithin: (networks: readonly string[]) => boolean;
}

/** The installations that a license has without the one that is to be unlocked. */
export interface OtherInstallations {
  readonly installations: number;
  /** Those of them that are virtual, or may be. */
  readonly virtualMachines: number;
}

/** How an installation stands that unlocks again. */
export interface KnownInstallation {
  readonly isVirtual: boolean;
}

/** Why a license cannot be unlocked, though the key is right. */
export type UnmetCondition =
  | { readonly kind: "revoked" }
  | { readonly kind: "suspended" }
  | { readonly kind: "not-started"; readonly startTime: number }
  | { readonly kind: "expired"; readonly endTime: number }
  | { readonly kind: "version"; readonly version: string; readonly range: VersionRange }
  | {
      readonly kind: "maintenance";
      readonly version: string;
      readonly maintenanceEndTime: number;
    }
  | { readonly kind: "place"; readonly place: "domain" | "network" }
  | { readonly kind: "virtual-machine"; readonly limit: number; readonly machine: MachineKind }
  | { readonly kind: "installations"; readonly limit: number };

/** What the conditions are held against. */
export interface UnlockFacts {
  readonly terms: UnlockTerms;
  readonly product: ProductVersions;
  readonly unlocker: Unlocker;
  readonly others: OtherInstallations;
  /** Absent if it is unlocked for the first time. */
  readonly known: KnownInstallation | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What stands for the installations of a license that they are not counted of. */
export const UNCOUNTED: OtherInstallations = { installations: 0, virtualMachines: 0 };

/** Whether it matters how many installations a license has. */
export function countsInstallations({
  installations,
  virtualMachinesPolicy,
}: Pick<UnlockTerms, "installations" | "virtualMachinesPolicy">): boolean {
  return installations > 0 || virtualMachinesPolicy === "ALLOW_WITH_CAP";
}

/**
 * The first condition that is not met: state and term before what the application is, that before
 * where and on what it runs, and numbers last, because they alone change by themselves.
 */
export function unmetCondition(facts: UnlockFacts): UnmetCondition | undefined {
  return (
    unusable(facts) ?? uncovered(facts) ?? misplaced(facts) ?? virtual(facts) ?? oneTooMany(facts)
  );
}

function unusable({ terms, now }: UnlockFacts): UnmetCondition | undefined {
  const { state, startTime, endTime } = terms;
  if (state === "REVOKED") return { kind: "revoked" };
  if (state === "SUSPENDED") return { kind: "suspended" };
  if (now < startTime) return { kind: "not-started", startTime };
  return now >= endTime ? { kind: "expired", endTime } : undefined;
}

function uncovered({ terms, product, unlocker }: UnlockFacts): UnmetCondition | undefined {
  const { version, releaseTime } = unlocker;
  const { maintenanceEndTime } = terms;
  if (releaseTime !== undefined && releaseTime >= maintenanceEndTime)
    return { kind: "maintenance", version, maintenanceEndTime };
  if (version === "") return undefined;
  const range = [terms.versions, product.supported].find((each) => !covers(each, version));
  return range && { kind: "version", version, range };
}

function misplaced({ terms, unlocker }: UnlockFacts): UnmetCondition | undefined {
  const { domains, networks } = terms;
  if (domains.length > 0 && !domains.some((domain) => hostIsIn(domain, unlocker.host)))
    return { kind: "place", place: "domain" };
  return networks.length > 0 && !unlocker.isWithin(networks)
    ? { kind: "place", place: "network" }
    : undefined;
}

/** A machine that does not tell what it is counts as virtual, where that makes a difference. */
function virtual({ terms, unlocker, others, known }: UnlockFacts): UnmetCondition | undefined {
  const { virtualMachinesPolicy: policy, virtualMachines: cap } = terms;
  const { machine } = unlocker;
  if (policy === "ALLOW" || machine === "physical") return undefined;
  const limit = policy === "DENY" ? 0 : cap;
  const isCounted = policy === "ALLOW_WITH_CAP" && known?.isVirtual === true;
  return isCounted || others.virtualMachines < limit
    ? undefined
    : { kind: "virtual-machine", limit, machine };
}

/** Who unlocks again takes no further place, even where the license was made smaller since. */
function oneTooMany({ terms, others, known }: UnlockFacts): UnmetCondition | undefined {
  const { installations: limit } = terms;
  if (limit === 0 || known !== undefined || others.installations < limit) return undefined;
  return { kind: "installations", limit };
}
