import type { VersionTolerance } from "@leasehold/license-format";

/** How many parts have to be the same. */
const SAME_PARTS = {
  ANY: 0,
  SAME_MAJOR: 1,
  SAME_MINOR: 2,
} as const satisfies Record<VersionTolerance, number>;

/** Whether two versions go together. A part that one of them leaves out does not keep them apart. */
export function goTogether(left: string, right: string, tolerance: VersionTolerance): boolean {
  const [one, other] = [left, right].map((each) => each.split(".").slice(0, SAME_PARTS[tolerance]));
  return (one ?? []).every((part, index) => part === (other?.[index] ?? part));
}
