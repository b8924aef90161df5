import type { Given } from "../build-request.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

/** Something that may be said by a flag, or asked for. */
export interface Question {
  /** By commander's name. */
  readonly flag: string;
  /** As it is typed. */
  readonly spelling: string;
  /** What a person is asked. */
  readonly label: string;
}

/**
 * What was said by flags, and what a person answers to the rest, by the flags' names.
 * @throws UsageError if something was not said, and nobody can be asked or nothing was answered
 */
export async function askMissing<const Asked extends readonly Question[]>(
  questions: Asked,
  given: Given,
  terminal: Pick<Terminal, "interactive" | "ask">,
): Promise<Readonly<Record<Asked[number]["flag"], string>>> {
  const missing = questions.filter(({ flag }) => given[flag] === undefined);
  if (missing.length > 0 && !terminal.interactive)
    throw new UsageError(`say ${missing.map(({ spelling }) => spelling).join(", ")}`);
  const said: Record<string, string> = {};
  for (const { flag, label, spelling } of questions) {
    const answer = given[flag] === undefined ? await terminal.ask(`${label}: `) : given[flag];
    said[flag] = String(answer).trim();
    if (said[flag] === "") throw new UsageError(`${spelling} is empty`);
  }
  return said as Record<Asked[number]["flag"], string>;
}
