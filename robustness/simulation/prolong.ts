import { durationFromMs, msFromDuration, type seatBroker } from "@leasehold/contracts";

type Validity = Pick<seatBroker.Lease, "validity">;

/**
 * Lengthens the validity in an answer by the answer's age, as if the client counted it from when
 * the answer came.
 */
export function prolong(answer: unknown, ageMs: number): void {
  const { lease, renewals = [] } = answer as {
    readonly lease?: Validity;
    readonly renewals?: readonly Validity[];
  };
  for (const told of lease ? [lease, ...renewals] : renewals)
    if (told.validity)
      told.validity = durationFromMs(msFromDuration(told.validity) + Math.floor(ageMs));
}
