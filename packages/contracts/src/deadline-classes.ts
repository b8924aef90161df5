import { DeadlineClass } from "./gen/leasehold/type/v1/method_rule.ts";

/** Milliseconds of each deadline class; `undefined` where a call has no deadline. */
export const DEADLINE_MS = {
  [DeadlineClass.UNSPECIFIED]: undefined,
  [DeadlineClass.FAST]: 2_000,
  [DeadlineClass.STANDARD]: 5_000,
  [DeadlineClass.SLOW]: 15_000,
  [DeadlineClass.STREAM]: undefined,
} as const satisfies Record<DeadlineClass, number | undefined>;
