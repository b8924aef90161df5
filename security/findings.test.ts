import { expect, test } from "vitest";
import { Findings } from "./findings.ts";

test("what was tried is counted, what was found is a failure that tells how to repeat it", () => {
  const findings = new Findings("--only tokens --seed 7", "crashes");
  findings.count("tokenMutants", 3);
  findings.found("forgedAccepted", "a license+jwt without a signature");
  expect(findings.figures).toEqual({ tokenMutants: 3, forgedAccepted: 1, crashes: 0 });
  expect(findings.failures).toEqual([
    "forgedAccepted: a license+jwt without a signature (--only tokens --seed 7)",
  ]);
});

test("a flood of findings is counted whole, and told in part", () => {
  const findings = new Findings("");
  for (let time = 0; time < 1_000; time += 1) findings.found("crashes", String(time));
  expect(findings.figure("crashes")).toBe(1_000);
  expect(findings.failures).toHaveLength(20);
});
