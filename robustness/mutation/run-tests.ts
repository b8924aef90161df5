import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { guardedFolder, startGuarded } from "@leasehold/testkit";
import type { NamedTest } from "./mutant.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const VITEST = join(ROOT, "node_modules/vitest/vitest.mjs");
const CONFIG = join(ROOT, "robustness/mutation/vitest.config.ts");

export type Environment = Readonly<Record<string, string>>;

/** How a test ends. */
export type Ending = "passes" | "fails" | "is not found";

/** What is read of vitest's report. */
interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

/** Runs tests by their names. @returns how each of them ended; of one that runs for several values, the worst */
export async function runTests(
  tests: readonly NamedTest[],
  environment: Environment,
): Promise<(test: string) => Ending> {
  const names = [...new Set(tests.map(({ test }) => test))];
  const files = [...new Set(tests.map(({ file }) => file))];
  const pattern = `(${names.map(asPattern).join("|")})$`;
  await using folder = await guardedFolder("tests");
  const report = join(folder.path, "report.json");
  const args = ["--config", CONFIG, "--root", ROOT, "--reporter=json", `--outputFile=${report}`];
  await using vitest = await startGuarded({
    command: process.execPath,
    args: [VITEST, "run", ...args, "-t", pattern, ...files],
    cwd: ROOT,
    env: { PATH: process.env["PATH"] ?? "", ...environment },
    stopSignal: "SIGTERM",
  });
  await vitest.ended();
  const text = await readFile(report, "utf8").catch(() => undefined);
  if (text === undefined) throw new Error(`no tests were run: ${vitest.lines(10).join(" / ")}`);
  const { testResults } = JSON.parse(text) as Report;
  const ended = testResults.flatMap(({ assertionResults }) => assertionResults);
  return (test) => {
    const pattern = new RegExp(`^${asPattern(test)}$`);
    const own = ended.filter(({ title }) => pattern.test(title));
    const statuses = own.map(({ status }) => status);
    if (statuses.includes("failed")) return "fails";
    return statuses.includes("passed") ? "passes" : "is not found";
  };
}

/** Values stand where the title has `%s` or `%d`. */
function asPattern(title: string): string {
  return title.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&").replaceAll(/%[sd]/g, ".+");
}
