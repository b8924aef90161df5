import { Problem } from "@leasehold/kernel";

/**
 * What was given as a checkpoint is none of this deployment.
 * @param fault why, in a word
 */
export function checkpointRefused(fault: string): Problem {
  return new Problem("INVALID_REQUEST", {
    message: "the checkpoint is not one of this deployment",
    violations: [
      { field: "checkpoint", description: `must be a checkpoint of this deployment (${fault})` },
    ],
  });
}
