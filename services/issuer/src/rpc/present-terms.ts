import {
  ChangePolicy,
  durationFromMs,
  LicenseModel,
  SharingPolicy,
  VirtualMachinePolicy,
} from "@leasehold/contracts";
import type {
  InstallationPolicy as WireInstallationPolicy,
  LicenseTerms as WireTerms,
  SeatPolicy as WireSeatPolicy,
} from "@leasehold/contracts";
import type { TermsTemplate } from "../domain/edition.ts";
import type { InstallationPolicy } from "../domain/installation-policy.ts";
import type { LicenseTerms } from "../domain/license-terms.ts";
import type { SeatPolicy } from "../domain/seat-policy.ts";
import { presentVersionRange } from "./present-version-range.ts";

/** What a license grants as the contract has it. */
export function presentTerms(terms: LicenseTerms): WireTerms {
  const { maintenanceEndTime } = terms;
  return {
    ...presentTermsTemplate(terms),
    startTime: new Date(terms.startTime),
    endTime: new Date(terms.endTime),
    maintenanceEndTime: maintenanceEndTime === undefined ? undefined : new Date(maintenanceEndTime),
  };
}

/** Terms without their times as the contract has them. */
export function presentTermsTemplate(terms: TermsTemplate): WireTerms {
  return {
    model: LicenseModel[terms.model],
    trial: terms.trial,
    seats: terms.seats,
    features: terms.features.map((grant) => ({ ...grant })),
    startTime: undefined,
    endTime: undefined,
    maintenanceEndTime: undefined,
    versions: presentVersionRange(terms.versions),
    leaseTimes: {
      validity: durationFromMs(terms.leaseTimes.validityMs),
      grace: durationFromMs(terms.leaseTimes.graceMs),
    },
    changePolicy: ChangePolicy[terms.changePolicy],
    seatPolicy: presentSeatPolicy(terms.seatPolicy),
    installationPolicy: presentInstallationPolicy(terms.installationPolicy),
    resources: terms.resources ?? 0,
  };
}

function presentSeatPolicy(policy: SeatPolicy): WireSeatPolicy {
  return {
    ...policy,
    sharing: SharingPolicy[policy.sharing],
    groups: policy.groups.map((group) => ({
      ...group,
      users: [...group.users],
      hosts: [...group.hosts],
      installations: [...group.installations],
    })),
    includeGroups: [...policy.includeGroups],
    excludeGroups: [...policy.excludeGroups],
  };
}

function presentInstallationPolicy(policy: InstallationPolicy): WireInstallationPolicy {
  return {
    ...policy,
    virtualMachinesPolicy: VirtualMachinePolicy[policy.virtualMachinesPolicy],
    domains: [...policy.domains],
    networks: [...policy.networks],
  };
}
