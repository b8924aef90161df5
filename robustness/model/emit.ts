import type { State } from "./state.ts";
import type { Violation } from "./verdict.ts";

/** Told of each state that may come next, by what, and what was wrong with the step itself. */
export type Emit = (what: string, next: State, violation?: Violation) => void;
