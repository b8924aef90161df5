import { ENTRIES_BYTES_MAX, entriesBytes } from "./seat-policy.ts";
import type { SeatPolicy } from "./seat-policy.ts";
import type { TermFault } from "./term-fault.ts";

/**
 * What is wrong with a policy whose single fields are within their bounds.
 * @param seats how many seats the license has
 */
export function seatPolicyFaults(policy: SeatPolicy, seats: number): readonly TermFault[] {
  return [
    ...nameFaults(policy),
    ...reservationFaults(policy, seats),
    ...(entriesBytes(policy) > ENTRIES_BYTES_MAX
      ? [fault("groups", `must not name more than ${ENTRIES_BYTES_MAX} bytes in all`)]
      : []),
  ];
}

function nameFaults({ groups, includeGroups, excludeGroups }: SeatPolicy): readonly TermFault[] {
  const known = new Set(groups.map(({ group }) => group));
  const unknown = (list: string, names: readonly string[]) =>
    [...names.entries()]
      .filter(([, name]) => !known.has(name))
      .map(([index]) => fault(`${list}[${index}]`, "is not a group of the policy"));
  return [...unknown("include_groups", includeGroups), ...unknown("exclude_groups", excludeGroups)];
}

/** Told of each group that keeps more seats than those before it leave. */
function reservationFaults({ groups }: SeatPolicy, seats: number): readonly TermFault[] {
  const faults: TermFault[] = [];
  let left = seats;
  for (const [index, { reservedSeats }] of groups.entries()) {
    const path = `groups[${index}].reserved_seats`;
    if (reservedSeats <= left) left -= reservedSeats;
    else faults.push(fault(path, `must be at most ${left}: as many of the seats are left`));
  }
  return faults;
}

function fault(path: string, description: string): TermFault {
  return { path: `seat_policy.${path}`, description };
}
