import { type Fault, FAULTS } from "./bounds.ts";
import { copyState, type State } from "./state.ts";

/** The state with one fault less to come; `undefined` if there is none left. */
export function spend(s: State, fault: Fault): State | undefined {
  const left = s.budget[FAULTS.indexOf(fault)] ?? 0;
  if (left === 0) return undefined;
  const next = copyState(s);
  next.budget[FAULTS.indexOf(fault)] = left - 1;
  return next;
}
