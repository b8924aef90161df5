/*
 * What: from the issuer's commit of an amended license to the event in each of 1,000 open clients, p99.
 * Why: a license that was changed or revoked has to be so where it is used.
 * How: bench/live-changes.ts, in a process of its own, on a whole cluster on all processors; its head says more.
 */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Bar } from "../run/bar.ts";
import { moveSelf } from "../site/cores.ts";

const PROGRAM = fileURLToPath(new URL("../live-changes.ts", import.meta.url));
const LIMIT_MS = 1_200_000;

/** The last line of what it prints. */
interface Told {
  readonly ok: boolean;
  readonly figures: Readonly<Record<string, number>>;
  readonly failures: number;
}

export const licenseChange: Bar = {
  name: "license-change",
  title: "how soon 1,000 running clients hear of a change",
  figures: ["changeP99Ms"],
  run: async ({ settings, cores }) => {
    moveSelf(cores.all);
    const size = settings.quick
      ? ["--clients", "50", "--changes", "5", "--restarts", "1"]
      : ["--clients", "1000", "--changes", "50", "--restarts", "2"];
    const args = ["--conditions=source", PROGRAM, "--json", ...size];
    const run = promisify(execFile)(process.execPath, args, { timeout: LIMIT_MS });
    // It ends with code 1 when its own bar is missed; what it tells counts all the same.
    const { stdout } = await run.catch((error: { readonly stdout?: string }) => ({
      stdout: error.stdout ?? "",
    }));
    const line = stdout.trimEnd().split("\n").at(-1) ?? "";
    if (!line.startsWith("{")) throw new Error("live-changes.ts told nothing");
    const { figures, failures } = JSON.parse(line) as Told;
    return {
      figures: { changeP99Ms: figures["p99Ms"] ?? Number.NaN },
      details: figures,
      failures: failures > 0 ? [`${failures} clients did not hear of a change`] : [],
    };
  },
};
