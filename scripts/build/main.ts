/*
 * `pnpm build`: what is shipped. Compiles every package into its `dist`, then puts the client into one file: who
 * uses it loads that.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { bundleClient } from "./bundle-client.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const COMPILER = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));

const compiler = [COMPILER, "--build", "tsconfig.build.json"];
const { status } = spawnSync(process.execPath, compiler, { cwd: ROOT, stdio: "inherit" });
if (status === 0) await bundleClient("dist/index.js", "dist/bundle");
else process.exitCode = status ?? 1;
