import type { TermFault } from "./term-fault.ts";

/** Whether a license may be unlocked on virtual machines. */
export type VirtualMachinePolicy = "ALLOW" | "DENY" | "ALLOW_WITH_CAP";

/** Where and how often a license may be unlocked. */
export interface InstallationPolicy {
  /** How many installations it may have at a time; 0 for any number. */
  readonly installations: number;
  /** How often an installation may be moved to another machine. */
  readonly transfers: number;
  readonly virtualMachinesPolicy: VirtualMachinePolicy;
  /** On how many virtual machines; 0 unless they are capped. */
  readonly virtualMachines: number;
  /** DNS domains in lower case; their hosts, or those of any domain if there are none. */
  readonly domains: readonly string[];
  /** Networks in CIDR notation; their hosts, or those of any network if there are none. */
  readonly networks: readonly string[];
}

/** The policy of a license that was given none: anywhere, any number of times, never moved. */
export const ANYWHERE: InstallationPolicy = {
  installations: 0,
  transfers: 0,
  virtualMachinesPolicy: "ALLOW",
  virtualMachines: 0,
  domains: [],
  networks: [],
};

/** Bounds of installations, of transfers and of virtual machines. */
export const INSTALLATIONS = { min: 0, max: 1_000_000 } as const;
/** How many domains, and how many networks, a policy may name. */
export const PLACES_MAX = 50;

/** What is wrong with a policy whose single fields are within their bounds. */
export function installationPolicyFaults({
  virtualMachinesPolicy,
  virtualMachines,
}: InstallationPolicy): readonly TermFault[] {
  const isCapped = virtualMachinesPolicy === "ALLOW_WITH_CAP";
  if (isCapped === virtualMachines > 0) return [];
  const path = "installation_policy.virtual_machines";
  const description = isCapped
    ? "must be at least 1 with ALLOW_WITH_CAP"
    : "must be 0 unless with ALLOW_WITH_CAP";
  return [{ path, description }];
}
