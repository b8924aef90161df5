import type { DecidePorts } from "../src/use-cases/decide.ts";
import { somePool } from "./some-pool.ts";

/** Terms that are in force whatever the license, and a pool that has nothing to be given back. */
export function someTerms(): Pick<DecidePorts, "terms" | "restore"> {
  const pool = () => Promise.resolve(somePool());
  return { terms: { of: pool, refresh: pool }, restore: () => Promise.resolve() };
}
