import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const COMPILER = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));

/** Builds the workspace, so that what is shipped is measured: no types are stripped at start. */
export async function build(): Promise<void> {
  await promisify(execFile)(process.execPath, [COMPILER, "--build", "tsconfig.build.json"], {
    cwd: ROOT,
  });
}
