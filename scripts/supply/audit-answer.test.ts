import { expect, test } from "vitest";
import { auditAnswer } from "./audit-answer.ts";

test("a report without advisories is clean", () => {
  expect(auditAnswer('{"advisories":{}}', "")).toEqual({ kind: "clean" });
});

test("each advisory is told", () => {
  const advisory = { module_name: "x", severity: "high", title: "reads files", url: "https://e/1" };
  expect(auditAnswer(JSON.stringify({ advisories: { 1: advisory } }), "")).toEqual({
    kind: "found",
    advisories: ["x: high: reads files https://e/1"],
  });
});

test.each(["", "{}", "null", '{"error":{"code":"ENOAUDIT"}}', "<html>", '{"advisories":null}'])(
  "%j is no answer, and no clean bill",
  (stdout) => {
    expect(auditAnswer(stdout, "ERR_PNPM_AUDIT\n  × responded with 405\n")).toEqual({
      kind: "not-asked",
      why: "ERR_PNPM_AUDIT responded with 405",
    });
  },
);
