import { transferInstallation } from "@leasehold/client";
import { nameIn } from "../flag-values.ts";
import type { CarryOut, LocalRun } from "../local-command.ts";
import { UsageError } from "../usage-error.ts";
import { shownInstallation } from "./shown-installation.ts";

/** Moves an installation to this machine. */
export const transferHere: CarryOut = async (run) => {
  const { argument = "", given, server, terminal } = run;
  const name = nameIn("installations")(argument);
  const { address, token } = server("activation");
  if (token === undefined)
    throw new UsageError("who asks? Say --token-file FILE, or set LEASEHOLD_TOKEN_FILE");
  if (!(await agreed(run, name))) return undefined;
  const { installation, transfersLeft } = await transferInstallation({
    activation: address,
    token,
    name,
    directory: String(given["directory"]),
    why: String(given["why"] ?? ""),
    beyondLimit: given["beyondLimit"] === true,
  });
  if (transfersLeft === 0) terminal.err("from now on only the vendor moves this license\n");
  return { ...shownInstallation(installation), transfersLeft };
};

/** Whether the person who types means it. */
async function agreed({ given, terminal }: LocalRun, name: string): Promise<boolean> {
  if (given["yes"] === true) return true;
  if (!terminal.interactive)
    throw new UsageError("nobody can be asked whether this is meant: say --yes");
  const answer = await terminal.ask(`${name} ends where it is, for good. Move it here? [y/N] `);
  const yes = /^y(es)?$/i.test(answer.trim());
  if (!yes) terminal.err("nothing was done\n");
  return yes;
}
