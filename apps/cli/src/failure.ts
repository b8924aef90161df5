import { type ErrorReason, isProblem, type Problem } from "@leasehold/kernel";
import type { Given } from "./build-request.ts";
import { attributeOf, type Command } from "./command.ts";
import type { LocalCommand } from "./local-command.ts";
import { plain } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** What the process ends with. */
export const EXIT = { ok: 0, refused: 1, usage: 2, unreachable: 3 } as const;

/** Reasons after which it is not known whether anything was done: nobody answered, or not in time. */
const UNANSWERED: ReadonlySet<ErrorReason> = new Set([
  "DEPENDENCY_UNAVAILABLE",
  "DEADLINE_EXCEEDED",
  "DRAINING",
  "OVERLOADED",
  "CANCELLED",
]);

/** gRPC's status of a method that the server does not have. */
const UNIMPLEMENTED = 12;

/** A failure as people are told of it. */
export interface Failure {
  readonly exitCode: number;
  /** Whole lines. */
  readonly text: string;
}

/** What failed, as `license revoke`, with the command if one was found. */
export interface Failed {
  readonly what: string;
  readonly command?: Command | LocalCommand;
  /** What a change can be repeated with. */
  readonly requestId?: string | undefined;
}

/** Tells the person who typed what failed. @returns what the process ends with */
export function tellFailure(
  thrown: unknown,
  failed: Failed,
  given: Given,
  terminal: Pick<Terminal, "err">,
): number {
  const { text, exitCode } = describeFailure(thrown, failed);
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  terminal.err(given["debug"] === true ? `${stack}\n${text}` : text);
  return exitCode;
}

/** One line that says what failed and why, then one for each thing more that is known. */
export function describeFailure(thrown: unknown, { what, command, requestId }: Failed): Failure {
  if (thrown instanceof UsageError) return failure(EXIT.usage, what, thrown.message, []);
  if (!isProblem(thrown)) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return failure(EXIT.refused, what, message, []);
  }
  if (statusOf(thrown) === UNIMPLEMENTED)
    return failure(EXIT.refused, what, "this server does not serve the method", []);
  const unanswered = UNANSWERED.has(thrown.reason);
  const fields = command?.kind === "local" ? undefined : command;
  const details = [...violations(thrown, fields), ...metadata(thrown)];
  if (unanswered && requestId !== undefined)
    details.push(
      `whether it was done is not known; to be sure, repeat it with --request-id ${requestId}`,
    );
  return failure(
    unanswered ? EXIT.unreachable : EXIT.refused,
    what,
    `${thrown.reason}: ${thrown.message}`,
    details,
  );
}

function failure(exitCode: number, what: string, why: string, details: readonly string[]): Failure {
  const lines = [`${what}: ${plain(why)}`, ...details.map((detail) => `  ${plain(detail)}`)];
  return { exitCode, text: lines.map((line) => `${line}\n`).join("") };
}

/** Each field that is at fault, with the flag that says it. */
function violations(problem: Problem, command: Command | undefined): string[] {
  return problem.violations.map(({ field, description }) => {
    const path = field
      .replace(/\[\d+\].*$/, "")
      .replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const flag = command?.flags?.find((flag) => flag.path === path);
    const said = flag ? ` (--${kebab(attributeOf(flag))})` : "";
    return `${field}${said}: ${description}`;
  });
}

function metadata(problem: Problem): string[] {
  const facts = Object.entries(problem.metadata).map(([name, value]) => `${name}: ${value}`);
  if (problem.reason === "SERVER_UNTRUSTED")
    facts.push("LEASEHOLD_TLS_AUTHORITIES_FILE names the authorities that servers are known by");
  const { retryAfterMs } = problem;
  if (retryAfterMs !== undefined) facts.push(`try again in ${Math.ceil(retryAfterMs / 1000)} s`);
  return facts;
}

function statusOf({ cause }: Problem): unknown {
  return typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined;
}

function kebab(attribute: string): string {
  return attribute.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
