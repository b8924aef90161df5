import { readFileSync } from "node:fs";

/** What Linux tells about a process. */
export interface ProcessFacts {
  readonly parent: number;
  readonly session: number;
  /** Tells it from a later process of the same number. */
  readonly startTime: string;
  /** Whether it has ended, and only waits for its parent to take note. */
  readonly ended: boolean;
}

/** `undefined` when there is no such process, or no /proc to read about it (macOS). */
export function processFacts(pid: number): ProcessFacts | undefined {
  let line: string;
  try {
    line = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
  // The name of the program, in brackets, may hold blanks and brackets itself.
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const [state, parent, , session] = fields;
  return {
    parent: Number(parent),
    session: Number(session),
    startTime: fields[19] ?? "",
    ended: state === "Z",
  };
}
