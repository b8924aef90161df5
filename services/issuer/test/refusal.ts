import { isProblem } from "@leasehold/kernel";
import type { Problem } from "@leasehold/kernel";

/** The problem that a call is refused with. A call that succeeds, or fails otherwise, fails the test. */
export async function refusal(call: Promise<unknown>): Promise<Problem> {
  let answer: unknown;
  try {
    answer = await call;
  } catch (thrown) {
    if (isProblem(thrown)) return thrown;
    throw thrown;
  }
  throw new Error(`answered ${String(answer)} instead of refusing`);
}

/** The fields that an invalid request is refused for, in their order. */
export async function refusedFields(call: Promise<unknown>): Promise<readonly string[]> {
  const { reason, violations } = await refusal(call);
  if (reason !== "INVALID_REQUEST") throw new Error(`refused for ${reason}`);
  return violations.map(({ field }) => field);
}
