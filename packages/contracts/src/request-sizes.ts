import { RequestSize } from "./gen/leasehold/type/v1/method_rule.ts";

/** Bytes of the largest request of each size. */
export const REQUEST_BYTES = {
  [RequestSize.UNSPECIFIED]: 0,
  [RequestSize.STANDARD]: 64 * 1024,
  [RequestSize.LARGE]: 256 * 1024,
  [RequestSize.HUGE]: 4 * 1024 * 1024,
} as const satisfies Record<RequestSize, number>;
