/* Tests as ever, on the sources of the mutant that the environment names. */
import { mergeConfig } from "vitest/config";
import base from "../../vitest.config.ts";
import { MUTANT_VARIABLE, SCRIPTS_VARIABLE } from "./environment.ts";
import { MUTANT_NAMES, MUTANTS } from "./mutants.ts";
import { mutateSources } from "./mutate-sources.ts";

const name = MUTANT_NAMES.find((each) => each === process.env[MUTANT_VARIABLE]);
const scripts = process.env[SCRIPTS_VARIABLE];

export default name && scripts !== undefined
  ? mergeConfig(base, {
      plugins: [mutateSources(MUTANTS[name], scripts)],
      // What was made of a mutant must not be taken for the sources by a later run.
      test: { fsModuleCache: false },
    })
  : base;
