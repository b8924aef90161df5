import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const BUILD = fileURLToPath(new URL("../../scripts/build/main.ts", import.meta.url));

/** Builds the workspace, so that what is shipped is measured: no types are stripped at start. */
export async function build(): Promise<void> {
  await promisify(execFile)(process.execPath, ["--conditions=source", BUILD]);
}
