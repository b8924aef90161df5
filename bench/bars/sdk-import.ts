/*
 * What: how long `import "@leasehold/client"` takes in a new process; median.
 * Why: it is added to the start of every application that uses it.
 * How: the built package, the import alone, without the start of Node and without gRPC, which the first call loads;
 *   files are in the system's cache from the second run on.
 */
import type { Bar } from "../run/bar.ts";
import { outcomeOfTimes, timeProgram } from "../run/times.ts";
import { build } from "../site/built.ts";

const ENTRY = new URL("../../packages/client/dist/bundle/index.js", import.meta.url);
const PROGRAM = `const begun = performance.now();
await import(${JSON.stringify(ENTRY.href)});
console.log(performance.now() - begun);`;

export const sdkImport: Bar = {
  name: "sdk-import",
  title: "import of the client library",
  figures: ["sdkImportMs"],
  run: async ({ settings, cores }) => {
    await build();
    const times: number[] = [];
    for (let run = 0; run < 2 * settings.rounds + 1; run += 1) {
      const { printed } = await timeProgram(cores, ["--input-type=module", "--eval", PROGRAM]);
      times.push(Number(printed));
    }
    return outcomeOfTimes("sdkImportMs", times.slice(1));
  },
};
