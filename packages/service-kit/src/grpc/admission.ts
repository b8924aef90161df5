import type { Problem } from "@leasehold/kernel";
import type { CallJournal } from "./call-journal.ts";
import { calledTooOften, overloaded } from "./call-problems.ts";
import type { CountCall } from "./call-rates.ts";
import type { GuardedMethod } from "./guarded-method.ts";
import { isShed, type LoopDelay } from "./load-shedding.ts";
import { yields } from "./rule-words.ts";

/** What it depends on whether a call is looked at. */
export interface AdmissionOptions {
  readonly journal: Pick<CallJournal, "unary" | "openStreams">;
  /** Calls that may be open at a time. */
  readonly mostUnary: number;
  readonly mostStreams: number;
  readonly loopDelay: LoopDelay;
  readonly countCall: CountCall;
}

/**
 * Why nothing is done for a call, whoever makes it; `undefined` if it is looked at. The call counts
 * among those that are open already.
 */
export type RefusalOfLoad = (
  method: Pick<GuardedMethod, "shape" | "class">,
  address: string | undefined,
) => Problem | undefined;

/** What is left for renewals, and for services, of the calls that may be open at a time. */
const RESERVED = 0.25;

export function admission(options: AdmissionOptions): RefusalOfLoad {
  const { journal, mostUnary, mostStreams, loopDelay, countCall } = options;
  return ({ shape, class: callClass }, address) => {
    const isUnary = shape === "unary";
    const open = isUnary ? journal.unary : journal.openStreams;
    const most = isUnary ? mostUnary : mostStreams;
    if (open.all > most) return overloaded();
    if (yields(callClass) && open.yielding > Math.ceil(most * (1 - RESERVED))) return overloaded();
    if (isShed(callClass, loopDelay())) return overloaded();
    const waitMs = countCall(callClass, address);
    return waitMs > 0 ? calledTooOften(waitMs) : undefined;
  };
}
