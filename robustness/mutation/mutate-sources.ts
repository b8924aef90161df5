import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Plugin } from "vitest/config";
import { type Mutant, mutated } from "./mutant.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Where the scripts' folder is told. */
const SCRIPT_READER = "services/seat-broker/src/store/lua-source.ts";
const SCRIPT_FOLDER = `new URL("../../lua/", import.meta.url)`;

/**
 * Lets tests run on the sources of a mutant, with no file of the repository changed.
 * @param scripts a folder with the seat-broker's scripts, as the mutant has them
 */
export function mutateSources(mutant: Mutant, scripts: string): Plugin {
  const scriptFolder = {
    file: SCRIPT_READER,
    text: SCRIPT_FOLDER,
    instead: `new URL(${JSON.stringify(`${pathToFileURL(scripts).href}/`)})`,
  };
  return {
    name: "mutate-sources",
    enforce: "pre",
    transform: (source, id) => {
      let code = source;
      for (const each of [scriptFolder, mutant])
        if (id === join(ROOT, each.file)) code = mutated(each, code);
      return code;
    },
  };
}
