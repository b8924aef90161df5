import type { Cluster } from "@leasehold/dev-cluster";
import { belowFloors, type Outcome } from "@leasehold/robustness/outcome";
import { Findings } from "./findings.ts";
import type { Task } from "./task.ts";

/** What the generated matrix of methods, roles, and own and foreign things came to. */
export interface MatrixResult {
  /** Cells that were tried. */
  readonly cells: number;
  /** Cells in which the answer was another than the contract says, in words. */
  readonly surprises: readonly string[];
}

/** Tries every cell on a running cluster. */
export type RunMatrix = (cluster: Cluster) => Promise<MatrixResult>;

/** Methods × roles: fewer cells are not all of them. */
const LEAST_CELLS = 500;

/** The matrix as a part of a run. */
export async function matrix(task: Task, cluster: Cluster, run: RunMatrix): Promise<Outcome> {
  const findings = new Findings(task.repeat, "matrixSurprises");
  const { cells, surprises } = await run(cluster);
  findings.count("matrixCells", cells);
  for (const surprise of surprises) findings.found("matrixSurprises", surprise);
  const { figures } = findings;
  return {
    figures,
    failures: [...findings.failures, ...belowFloors(figures, { matrixCells: LEAST_CELLS })],
  };
}
