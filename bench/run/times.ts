import { spawn } from "node:child_process";
import { once } from "node:events";
import { pinned, type Cores } from "../site/cores.ts";
import type { BarOutcome } from "./bar.ts";
import type { FigureName } from "./figures.ts";
import { median, rounded } from "./compare.ts";

/** What comes of single times, in milliseconds: their median. */
export function outcomeOfTimes(
  figure: FigureName,
  times: readonly number[],
  details: BarOutcome["details"] = {},
): BarOutcome {
  return {
    figures: { [figure]: rounded(median(times)) },
    details: {
      ...details,
      "least ms": rounded(Math.min(...times)),
      "most ms": rounded(Math.max(...times)),
      runs: times.length,
    },
    failures: [],
  };
}

/** Runs a program of Node to its end. @throws Error if it fails. @returns what it printed, and how long it took */
export async function timeProgram({ server }: Cores, args: readonly string[]) {
  const { command, args: all } = pinned(server, process.execPath, args);
  const begun = performance.now();
  const child = spawn(command, all, { stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  const [code] = (await once(child, "close")) as [number | null];
  const ms = performance.now() - begun;
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}`);
  return { ms, printed };
}
