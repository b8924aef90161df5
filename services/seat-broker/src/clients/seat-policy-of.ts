import {
  SharingPolicy,
  type SeatGroup as ToldGroup,
  type SeatPolicy as ToldPolicy,
} from "@leasehold/contracts";
import { isUuid, parseName } from "@leasehold/kernel";
import {
  OPEN_POLICY,
  type SeatGroup,
  type SeatPolicy,
  type Sharing,
} from "../domain/seat-policy.ts";

const SHARING = {
  [SharingPolicy.UNSPECIFIED]: "PER_PROCESS",
  [SharingPolicy.PER_PROCESS]: "PER_PROCESS",
  [SharingPolicy.PER_USER]: "PER_USER",
  [SharingPolicy.PER_DEVICE]: "PER_DEVICE",
} as const satisfies Record<SharingPolicy, Sharing>;

/** The seat policy of an entitlement. */
export function seatPolicyOf(told: ToldPolicy | undefined): SeatPolicy {
  if (!told) return OPEN_POLICY;
  const { sharing, overdraft, offlineDays, groups, includeGroups, excludeGroups } = told;
  return {
    // A policy that this release does not know gives nobody more than a seat of its own.
    sharing: SHARING[sharing] ?? "PER_PROCESS",
    overdraft,
    offlineDays,
    groups: groups.map(groupOf),
    includeGroups,
    excludeGroups,
  };
}

function groupOf({ installations, ...group }: ToldGroup): SeatGroup {
  const ids = installations.map((name) => parseName("installations/{id}", name)?.id);
  return { ...group, installations: ids.filter((id) => id !== undefined).filter(isUuid) };
}
