import type { Uuid } from "@leasehold/kernel";

/** Which processes have one seat together. */
export type Sharing = "PER_PROCESS" | "PER_USER" | "PER_DEVICE";

/** Holders whom a license treats apart: whoever one of the lists names. */
export interface SeatGroup {
  readonly group: string;
  readonly users: readonly string[];
  readonly hosts: readonly string[];
  readonly installations: readonly Uuid[];
  /** How many seats are kept for its members. */
  readonly reservedSeats: number;
  /** Its members' class in the queue, 0 to 7; a higher one comes first. */
  readonly priority: number;
}

/** Who may have the seats of a license, and how. */
export interface SeatPolicy {
  readonly sharing: Sharing;
  /** How many seats may be taken beyond those of the license. */
  readonly overdraft: number;
  /** For how many days a seat may be borrowed; 0: not at all. */
  readonly offlineDays: number;
  readonly groups: readonly SeatGroup[];
  /** If there are any: only their members may have seats. */
  readonly includeGroups: readonly string[];
  /** Their members may have no seats. */
  readonly excludeGroups: readonly string[];
}

/** Anyone, each process a seat of its own. */
export const OPEN_POLICY: SeatPolicy = {
  sharing: "PER_PROCESS",
  overdraft: 0,
  offlineDays: 0,
  groups: [],
  includeGroups: [],
  excludeGroups: [],
};
