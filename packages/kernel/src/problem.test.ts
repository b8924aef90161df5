import { expect, test } from "vitest";
import { isProblem, Problem } from "./problem.ts";

test("a problem tells its reason, and nothing it was not told", () => {
  const problem = new Problem("NO_SEATS", { retryAfterMs: 500 });
  expect(problem).toMatchObject({
    reason: "NO_SEATS",
    message: "no seats",
    metadata: {},
    retryAfterMs: 500,
    violations: [],
  });
  expect("cause" in problem).toBe(false);
});

test("a problem is told from other errors, and by its reason", () => {
  const problem = new Problem("NOT_FOUND", { cause: new Error("row 7") });
  expect(isProblem(problem)).toBe(true);
  expect(isProblem(problem, "NOT_FOUND")).toBe(true);
  expect(isProblem(problem, "NO_SEATS")).toBe(false);
  expect(isProblem(new Error("NOT_FOUND"))).toBe(false);
});
