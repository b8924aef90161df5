import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

test.each([
  ["eval", 'eval("1");', "no-eval"],
  ["a function of text", 'new Function("return 1")();', "no-new-func"],
])("lint finds %s", (_, line, rule) => {
  const folder = mkdtempSync(join("scripts", "lint-canary-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "compiled.ts");
  writeFileSync(file, `${line}\nexport {};\n`);
  const { stdout, status } = spawnSync("node_modules/.bin/oxlint", [file], { encoding: "utf8" });
  expect(stdout).toContain(rule);
  expect(status).toBe(1);
});
