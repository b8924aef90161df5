// Known vulnerabilities of production dependencies, as far as a registry tells of them. Where none
// answers this says so and passes; with `--strict`, it fails.
import { spawnSync } from "node:child_process";
import { auditAnswer } from "./supply/audit-answer.ts";

const LIMIT_MS = 60_000;

const { stdout, stderr, error } = spawnSync("pnpm", ["audit", "--prod", "--json"], {
  encoding: "utf8",
  maxBuffer: 2 ** 26,
  timeout: LIMIT_MS,
});
const answer = auditAnswer(stdout ?? "", error?.message ?? stderr ?? "");
const strict = process.argv.includes("--strict");

switch (answer.kind) {
  case "clean":
    console.log("no known vulnerability");
    break;
  case "found":
    for (const advisory of answer.advisories) console.error(advisory);
    process.exitCode = 1;
    break;
  case "not-asked":
    console.log(`NOT ASKED: no registry told of vulnerabilities (${answer.why})`);
    process.exitCode = strict ? 1 : 0;
    break;
}
