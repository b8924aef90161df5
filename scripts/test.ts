/*
 * `pnpm test`: every test of the workspace, once. Arguments go to vitest, for example
 * `pnpm test services/issuer` or `pnpm test -t "a seat"`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const VITEST = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
const given = process.argv.slice(2);
const args = given[0] === "--" ? given.slice(1) : given;

const vitest = spawn(process.execPath, [VITEST, "run", ...args], { stdio: "inherit" });
// Ctrl-C reaches vitest by itself; it hears the same again only if it is still there a moment later.
process.on("SIGINT", () => setTimeout(() => vitest.kill("SIGINT"), 1_000).unref());
for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => vitest.kill(signal));
const [code] = (await once(vitest, "exit")) as [number | null];
process.exitCode = code ?? 1;
