import { makeOfflineRequest, openInstallation } from "@leasehold/client";
import type { CarryOut, LocalRun } from "../local-command.ts";
import { UsageError } from "../usage-error.ts";
import { offlineFault } from "./offline-fault.ts";
import { writeOut } from "./write-out.ts";

/** Ends the installation of this machine, and writes the proof of it. Calls nobody. */
export const giveBack: CarryOut = async (run) => {
  const directory = String(run.given["directory"]);
  if (!(await agreed(run, directory))) return undefined;
  const made = await makeOfflineRequest(directory, { purpose: "DEACTIVATE" });
  if (made.kind === "refused") throw offlineFault(made.fault);
  await writeOut(run, made.requestFile);
  return run.given["out"] === undefined
    ? undefined
    : { request: made.id, file: String(run.given["out"]) };
};

/** Whether the person who types means it. What is over already is only proven again. */
async function agreed({ given, terminal }: LocalRun, directory: string): Promise<boolean> {
  if (given["yes"] === true) return true;
  const opened = await openInstallation(directory);
  if (opened.kind === "refused" && opened.fault === "given-back") return true;
  if (!terminal.interactive)
    throw new UsageError("nobody can be asked whether this is meant: say --yes");
  const answer = await terminal.ask(`The license in ${directory} ends here, for good? [y/N] `);
  const yes = /^y(es)?$/i.test(answer.trim());
  if (!yes) terminal.err("nothing was done\n");
  return yes;
}
