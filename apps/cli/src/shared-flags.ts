import { Option } from "commander";
import type { Command } from "./command.ts";
import { OUTPUTS } from "./show.ts";

/** The flags that commands of a kind have, besides their own. */
export function sharedFlags(command: Command): readonly Option[] {
  const { kind } = command;
  return [
    ...(kind === "list" ? LIST() : []),
    ...(command.mask ? [clear()] : []),
    ...(command.why ? [new Option("--why <text>", "why, for the history and the audit log")] : []),
    ...(command.revision
      ? [new Option("--revision <number>", "only if it is still at this revision")]
      : []),
    ...(kind === "change" || kind === "destroy" || command.delivery?.kind === "keys"
      ? [new Option("--request-id <uuid>", "to repeat a change; new each time unless said")]
      : []),
    ...(kind === "destroy" ? DESTROY() : []),
    ...(command.delivery?.kind === "keys"
      ? [new Option("--csv <file>", "write the keys to a new file that you alone may read")]
      : []),
    ...COMMON().map((option) => option.helpGroup("Common options:")),
  ];
}

const LIST = (): readonly Option[] => [
  new Option("--filter <filter>", "which ones, for example 'create_time > 2026-01-01T00:00:00Z'"),
  new Option("--order-by <order>", "for example 'create_time desc'"),
  new Option("--limit <number>", "how many at most (default: 100)"),
];

const DESTROY = (): readonly Option[] => [
  new Option("--dry-run", "tell what would be done, and do nothing"),
  new Option("--yes", "do it without being asked"),
];

const COMMON = (): readonly Option[] => [
  new Option("--output <format>", "how the result is written").choices(OUTPUTS),
  new Option("--issuer <host:port>", "where the issuer is (LEASEHOLD_ISSUER)"),
  new Option("--token-file <file>", "the bearer secret's file (LEASEHOLD_TOKEN_FILE)"),
  new Option("--debug", "tell more of a failure"),
];

function clear(): Option {
  return new Option("--clear <field>", "make a field empty (repeatable)").argParser(
    (value: string, before: readonly string[] | undefined) => [...(before ?? []), value],
  );
}
