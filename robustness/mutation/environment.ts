/** Which mutant a run of tests has, and the folder with its scripts; without them it has none. */
export const MUTANT_VARIABLE = "ROBUSTNESS_MUTANT";
export const SCRIPTS_VARIABLE = "ROBUSTNESS_MUTANT_SCRIPTS";
