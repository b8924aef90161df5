import { dice } from "@leasehold/robustness/dice";
import { expect, test } from "vitest";
import type { Matrix } from "@leasehold/e2e/matrix";
import { matrix } from "./matrix.ts";
import type { Task } from "./task.ts";

const task: Task = { length: "quick", dice: dice(1), repeat: "--only matrix", say: () => {} };
const outcomeOf = (result: Matrix) => matrix(task, async () => result);

test("a matrix without surprises holds", async () => {
  expect(await outcomeOf({ cells: 2_000, surprises: [] })).toEqual({
    figures: { matrixCells: 2_000, matrixSurprises: 0 },
    failures: [],
  });
});

test("every surprise is counted and told", async () => {
  const { figures, failures } = await outcomeOf({
    cells: 2_000,
    surprises: ["GetLicense by nobody"],
  });
  expect(figures["matrixSurprises"]).toBe(1);
  expect(failures.join()).toContain("GetLicense by nobody");
});

test("a matrix of few cells proves nothing", async () => {
  expect((await outcomeOf({ cells: 3, surprises: [] })).failures).toHaveLength(1);
});
