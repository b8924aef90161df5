/** Which processes have one seat together. */
export type SharingPolicy = "PER_PROCESS" | "PER_USER" | "PER_DEVICE";

/** Holders whom a policy treats apart: whoever one of the lists names. */
export interface SeatGroup {
  readonly group: string;
  readonly users: readonly string[];
  readonly hosts: readonly string[];
  /** `installations/{installation}` each. */
  readonly installations: readonly string[];
  /** How many of the license's seats are kept for its members. */
  readonly reservedSeats: number;
  /** Its members' class in the queue; a higher one waits in front. */
  readonly priority: number;
}

/** Who may have the seats of a license, and how. */
export interface SeatPolicy {
  readonly sharing: SharingPolicy;
  /** How many seats may be taken beyond those of the license. */
  readonly overdraft: number;
  /** For how many days a seat may be borrowed; 0 for not at all. */
  readonly offlineDays: number;
  readonly groups: readonly SeatGroup[];
  /** If there are any, only their members may have seats. */
  readonly includeGroups: readonly string[];
  /** Their members may have none, included or not. */
  readonly excludeGroups: readonly string[];
}

/** The policy of a license that was given none: anyone, each process a seat of its own. */
export const OPEN_POLICY: SeatPolicy = {
  sharing: "PER_PROCESS",
  overdraft: 0,
  offlineDays: 0,
  groups: [],
  includeGroups: [],
  excludeGroups: [],
};

/** Bounds of the overdraft, in seats. */
export const OVERDRAFT = { min: 0, max: 1_000_000 } as const;
/** Bounds of a borrow, in days. */
export const OFFLINE_DAYS = { min: 0, max: 365 } as const;
/** Bounds of what one group keeps, in seats. */
export const RESERVED_SEATS = { min: 0, max: 1_000_000 } as const;
/** Bounds of a class in the queue. */
export const PRIORITY = { min: 0, max: 7 } as const;
/** How many groups a policy may have. */
export const GROUPS_MAX = 50;
/** How many entries the lists of one group may have together. */
export const GROUP_ENTRIES_MAX = 1_000;
/**
 * How long the entries of all groups may be together, in bytes of UTF-8: a license must fit
 * into one message of 4 MiB, or nobody could follow the feed past it.
 */
export const ENTRIES_BYTES_MAX = 3_000_000;

/** How many seats all groups keep together. */
export function reservedSeats({ groups }: SeatPolicy): number {
  return groups.reduce((sum, group) => sum + group.reservedSeats, 0);
}

/** How long the entries of all groups are together, in bytes of UTF-8. */
export function entriesBytes({ groups }: SeatPolicy): number {
  const entries = groups.flatMap(({ users, hosts, installations }) => [
    ...users,
    ...hosts,
    ...installations,
  ]);
  return entries.reduce((sum, entry) => sum + Buffer.byteLength(entry), 0);
}
