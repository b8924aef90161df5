import { timingsOf } from "@leasehold/robustness/checker";

/** Of the license that client applications compete for while versions change: the usual ones, but for the fence. */
export const TIMINGS = timingsOf(45_000, 10_000, 1_000);
export const SEATS = 8;
