import { SharingPolicy } from "@leasehold/contracts";
import type { SeatGroup as WireGroup, SeatPolicy as WirePolicy } from "@leasehold/contracts";
import type { Check } from "@leasehold/service-kit";
import { parseInstallationName } from "../domain/resource-names.ts";
import {
  GROUP_ENTRIES_MAX,
  GROUPS_MAX,
  OFFLINE_DAYS,
  OPEN_POLICY,
  OVERDRAFT,
  PRIORITY,
  RESERVED_SEATS,
} from "../domain/seat-policy.ts";
import type { SeatGroup, SeatPolicy } from "../domain/seat-policy.ts";
import { INSTALLATION_PATTERN, readName } from "./read-name.ts";

const SHARING = {
  [SharingPolicy.UNSPECIFIED]: "PER_PROCESS",
  [SharingPolicy.PER_PROCESS]: "PER_PROCESS",
  [SharingPolicy.PER_USER]: "PER_USER",
  [SharingPolicy.PER_DEVICE]: "PER_DEVICE",
} as const satisfies Record<SharingPolicy, SeatPolicy["sharing"]>;

const GROUP = /^[a-z][a-z0-9-]{0,63}$/;
const GROUP_RULE = "must be 1 to 64 of a-z 0-9 -, beginning with a letter";
/** As holders tell their user and their host. */
const ENTRY = { min: 1, max: 200 } as const;

/** Who may have the seats of a license; the open policy if it is absent. */
export function readSeatPolicy(
  check: Check,
  field: string,
  policy: WirePolicy | undefined,
): SeatPolicy {
  if (!policy) return OPEN_POLICY;
  const groups = { max: GROUPS_MAX, unique: ({ group }: WireGroup) => group };
  const sharing = check.oneOf(`${field}.sharing`, policy.sharing, Object.values(SharingPolicy));
  return {
    sharing: SHARING[sharing],
    overdraft: check.integer(`${field}.overdraft`, policy.overdraft, OVERDRAFT),
    offlineDays: check.integer(`${field}.offline_days`, policy.offlineDays, OFFLINE_DAYS),
    groups: check.list(`${field}.groups`, policy.groups, groups, (group, path) =>
      readGroup(check, path, group),
    ),
    includeGroups: readGroupNames(check, `${field}.include_groups`, policy.includeGroups),
    excludeGroups: readGroupNames(check, `${field}.exclude_groups`, policy.excludeGroups),
  };
}

function readGroup(check: Check, field: string, wire: WireGroup): SeatGroup {
  const { group, users, hosts, installations, reservedSeats, priority } = wire;
  if (users.length + hosts.length + installations.length > GROUP_ENTRIES_MAX)
    check.violation(field, `must have at most ${GROUP_ENTRIES_MAX} entries in its lists together`);
  return {
    group: check.matching(`${field}.group`, group, GROUP, GROUP_RULE),
    users: readEntries(check, `${field}.users`, users),
    hosts: readEntries(check, `${field}.hosts`, hosts),
    installations: check.list(
      `${field}.installations`,
      installations,
      { max: GROUP_ENTRIES_MAX, unique: (name) => name },
      (name, path) => readName(check, path, name, parseInstallationName, INSTALLATION_PATTERN),
    ),
    reservedSeats: check.integer(`${field}.reserved_seats`, reservedSeats, RESERVED_SEATS),
    priority: check.integer(`${field}.priority`, priority, PRIORITY),
  };
}

function readEntries(check: Check, field: string, entries: readonly string[]): readonly string[] {
  const bounds = { max: GROUP_ENTRIES_MAX, unique: spelling };
  return check.list(field, entries, bounds, (entry, path) => check.text(path, entry, ENTRY));
}

/** An entry as it is kept; one that is too long for that anyway is left as it is. */
function spelling(entry: string): string {
  return entry.length > 8 * ENTRY.max ? entry : entry.normalize("NFC");
}

function readGroupNames(check: Check, field: string, names: readonly string[]): readonly string[] {
  const bounds = { max: GROUPS_MAX, unique: (name: string) => name };
  return check.list(field, names, bounds, (name, path) =>
    check.matching(path, name, GROUP, GROUP_RULE),
  );
}
