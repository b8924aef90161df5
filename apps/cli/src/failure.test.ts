import { Problem } from "@leasehold/kernel";
import { expect, test } from "vitest";
import { CUSTOMER } from "./commands/customer.ts";
import { describeFailure } from "./failure.ts";
import { UsageError } from "./usage-error.ts";

const [command] = CUSTOMER.commands;
const failed = { what: "customer create", command: command!, requestId: "some-id" };

test.each([
  [new UsageError("x"), 2],
  [new Problem("NOT_FOUND"), 1],
  [new Problem("DEPENDENCY_UNAVAILABLE"), 3],
  [new Problem("DEADLINE_EXCEEDED"), 3],
  [new TypeError("a bug"), 1],
])("%s ends with %d", (thrown, exitCode) => {
  expect(describeFailure(thrown, failed).exitCode).toBe(exitCode);
});

test("only where it is not known what was done, the id to repeat it with is told", () => {
  const told = (problem: Problem) => describeFailure(problem, failed).text.includes("some-id");
  expect(told(new Problem("DEADLINE_EXCEEDED"))).toBe(true);
  expect(told(new Problem("NOT_FOUND"))).toBe(false);
});

test("a method that is not served is told as such", () => {
  const { exitCode, text } = describeFailure(
    new Problem("INTERNAL", { cause: { code: 12 } }),
    failed,
  );
  expect([exitCode, text]).toEqual([1, "customer create: this server does not serve the method\n"]);
});

test("a fault within a list is told with the flag of the list", () => {
  const violations = [{ field: "customer.contacts[1].email", description: "is none" }];
  expect(describeFailure(new Problem("INVALID_REQUEST", { violations }), failed).text).toBe(
    "customer create: INVALID_REQUEST: invalid request\n  customer.contacts[1].email (--contact): is none\n",
  );
});
