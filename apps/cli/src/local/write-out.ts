import { writeFileSync } from "node:fs";
import type { LocalRun } from "../local-command.ts";
import { UsageError } from "../usage-error.ts";

/** Writes a text to the new file that `--out` names, or to standard output. */
export async function writeOut(
  { given, terminal }: Pick<LocalRun, "given" | "terminal">,
  text: string,
): Promise<void> {
  const path = given["out"];
  if (typeof path !== "string") return terminal.out(text);
  try {
    writeFileSync(path, text, { flag: "wx" });
  } catch (thrown) {
    throw new UsageError(`cannot write ${path}: ${thrown instanceof Error ? thrown.message : "?"}`);
  }
}
