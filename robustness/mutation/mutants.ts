import type { Mutant } from "./mutant.ts";
import { HOLDER_RULES } from "./rules/holder-rules.ts";
import { RECOVERY_RULES } from "./rules/recovery-rules.ts";
import { SEAT_RULES } from "./rules/seat-rules.ts";
import { TIME_RULES } from "./rules/time-rules.ts";

const TABLE = { ...RECOVERY_RULES, ...TIME_RULES, ...SEAT_RULES, ...HOLDER_RULES };

export type MutantName = keyof typeof TABLE;

/** Every rule that is left out in turn. */
export const MUTANTS: Readonly<Record<MutantName, Mutant>> = TABLE;

export const MUTANT_NAMES = Object.keys(MUTANTS) as MutantName[];
