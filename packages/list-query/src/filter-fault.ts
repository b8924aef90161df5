/** What is wrong with a filter, and where. */
export interface FilterFault {
  readonly kind: "fault";
  /** Index of the character, from 0. */
  readonly at: number;
  /** What the rule is; never quotes the filter. */
  readonly rule: string;
}

export function filterFault(at: number, rule: string): FilterFault {
  return { kind: "fault", at, rule };
}

/** A fault in words. The position counts code points from 1, as people and most languages do. */
export function describeFault(filter: string, { at, rule }: FilterFault): string {
  return `at character ${Array.from(filter.slice(0, at)).length + 1}: ${rule}`;
}
