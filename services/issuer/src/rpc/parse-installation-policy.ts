import { VirtualMachinePolicy } from "@leasehold/contracts";
import type { InstallationPolicy as WirePolicy } from "@leasehold/contracts";
import type { Check } from "@leasehold/service-kit";
import { ANYWHERE, INSTALLATIONS, PLACES_MAX } from "../domain/installation-policy.ts";
import type { InstallationPolicy } from "../domain/installation-policy.ts";
import { isNetwork } from "../domain/network.ts";

const VIRTUAL_MACHINES = {
  [VirtualMachinePolicy.UNSPECIFIED]: "ALLOW",
  [VirtualMachinePolicy.ALLOW]: "ALLOW",
  [VirtualMachinePolicy.DENY]: "DENY",
  [VirtualMachinePolicy.ALLOW_WITH_CAP]: "ALLOW_WITH_CAP",
} as const satisfies Record<VirtualMachinePolicy, InstallationPolicy["virtualMachinesPolicy"]>;

const PLACES = { max: PLACES_MAX, unique: (place: string) => place.toLowerCase() };
/** Labels of letters, digits and inner hyphens; 253 characters at most. */
const DOMAIN =
  /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
const DOMAIN_RULE = "must be a DNS domain, for example example.com";
const NETWORK_RULE = "must be a network in CIDR notation, for example 192.0.2.0/24";

/** Where and how often a license may be unlocked; anywhere if it is absent. */
export function readInstallationPolicy(
  check: Check,
  field: string,
  policy: WirePolicy | undefined,
): InstallationPolicy {
  if (!policy) return ANYWHERE;
  const count = (name: string, value: number) =>
    check.integer(`${field}.${name}`, value, INSTALLATIONS);
  const kinds = Object.values(VirtualMachinePolicy);
  const kind = check.oneOf(`${field}.virtual_machines_policy`, policy.virtualMachinesPolicy, kinds);
  return {
    installations: count("installations", policy.installations),
    transfers: count("transfers", policy.transfers),
    virtualMachinesPolicy: VIRTUAL_MACHINES[kind],
    virtualMachines: count("virtual_machines", policy.virtualMachines),
    domains: check
      .list(`${field}.domains`, policy.domains, PLACES, (domain, path) =>
        check.matching(path, domain, DOMAIN, DOMAIN_RULE),
      )
      ?.map((domain) => domain?.toLowerCase()),
    networks: check.list(`${field}.networks`, policy.networks, PLACES, (network, path) => {
      if (!isNetwork(network)) check.violation(path, NETWORK_RULE);
      return network;
    }),
  };
}
