import { startCluster } from "@leasehold/dev-cluster";
import { type Matrix, runMatrix } from "@leasehold/e2e/matrix";
import { belowFloors, type Outcome } from "@leasehold/robustness/outcome";
import { Findings } from "./findings.ts";
import type { Task } from "./task.ts";

/** Methods × roles: fewer cells are not all of them. */
const LEAST_CELLS = 500;

/** Every method by everybody, about what is their own and what is another's. */
export async function matrix(
  task: Task,
  run: () => Promise<Matrix> = onAnotherCluster,
): Promise<Outcome> {
  const findings = new Findings(task.repeat, "matrixSurprises");
  const { cells, surprises } = await run();
  findings.count("matrixCells", cells);
  for (const surprise of surprises) findings.found("matrixSurprises", surprise);
  const { figures } = findings;
  return {
    figures,
    failures: [...findings.failures, ...belowFloors(figures, { matrixCells: LEAST_CELLS })],
  };
}

/** What the matrix leaves is fit for nothing else. */
async function onAnotherCluster(): Promise<Matrix> {
  await using cluster = await startCluster({ signIn: true });
  return await runMatrix(cluster);
}
