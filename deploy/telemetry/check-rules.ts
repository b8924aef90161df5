/*
 * promtool's opinion of the rules, and of their tests.
 *
 *   node --conditions=source deploy/telemetry/check-rules.ts
 *
 * Where promtool cannot be had it says NOT ASKED, and nothing has passed.
 */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { prometheusPrograms } from "./tools/prometheus-programs.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));
const rules = readdirSync(`${folder}rules`).map((name) => `rules/${name}`);
const programs = await prometheusPrograms();
if (!programs) console.log("NOT ASKED: there is no promtool, and none could be fetched");
else {
  const asked = [
    ["check", "rules", ...rules],
    ["test", "rules", "tests/alerts.test.yaml"],
  ];
  console.log(`promtool ${programs.version}`);
  for (const args of asked) {
    const { status } = spawnSync(programs.promtool, args, { cwd: folder, stdio: "inherit" });
    if (status !== 0) process.exitCode = 1;
  }
}
