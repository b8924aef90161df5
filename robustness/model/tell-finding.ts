import type { Finding } from "./search.ts";

/** More than any of the worlds has. */
export const MOST_STATES = 1_000_000;

/** Prints what a search came to. */
export function tellFinding(what: string, { states, found }: Finding): void {
  const history = found?.history.map((step) => `\n    ${step}`).join("") ?? "";
  console.log(`${what}: ${states} states${found ? `, ${found.violation} after ${history}` : ""}`);
}
