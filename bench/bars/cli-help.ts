/*
 * What: how long `leasehold --help` takes, the start of Node included; median.
 * Why: a command line that thinks before it says anything is not used.
 * How: the built program; files are in the system's cache from the second run on.
 */
import { fileURLToPath } from "node:url";
import type { Bar } from "../run/bar.ts";
import { outcomeOfTimes, timeProgram } from "../run/times.ts";
import { build } from "../site/built.ts";

const PROGRAM = fileURLToPath(new URL("../../apps/cli/dist/main.js", import.meta.url));

export const cliHelp: Bar = {
  name: "cli-help",
  title: "`leasehold --help`",
  figures: ["cliHelpMs"],
  run: async ({ settings, cores }) => {
    await build();
    const times: number[] = [];
    for (let run = 0; run < 2 * settings.rounds + 1; run += 1) {
      const { ms, printed } = await timeProgram(cores, [PROGRAM, "--help"]);
      if (!printed.includes("Usage")) throw new Error("it did not tell its usage");
      times.push(ms);
    }
    return outcomeOfTimes("cliHelpMs", times.slice(1));
  },
};
