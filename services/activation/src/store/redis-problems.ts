import { Problem } from "@leasehold/kernel";

/** Redis could not be reached since the service started. */
export function redisNotThereYet(): Problem {
  return new Problem("DEPENDENCY_UNAVAILABLE", { message: "the limits' store is unavailable" });
}
