import { Option } from "commander";
import type { Command } from "./command.ts";
import type { LocalCommand } from "./local-command.ts";
import { serverOf, type ServerPlace, SERVERS } from "./servers.ts";
import { OUTPUTS } from "./show.ts";

/** The flags that commands of a kind have, besides their own. */
export function commonFlags(command: Command | LocalCommand): readonly Option[] {
  const kinds = command.kind === "local" ? [] : flagsOfKind(command);
  const methods = command.kind === "local" ? command.calls : [command.method];
  const servers = [...new Set(methods.map(serverOf))].map((server) => SERVERS[server]);
  return [...kinds, ...common(servers).map((option) => option.helpGroup("Common options:"))];
}

function flagsOfKind(command: Command): readonly Option[] {
  const { kind } = command;
  return [
    ...(kind === "list" && command.expressions !== false ? EXPRESSIONS() : []),
    ...(kind === "list" ? [new Option("--limit <number>", "how many at most (default: 100)")] : []),
    ...(command.mask ? [clear()] : []),
    ...(command.why ? [new Option("--why <text>", "why, for the history and the audit log")] : []),
    ...(command.revision
      ? [new Option("--revision <number>", "only if it is still at this revision")]
      : []),
    ...(kind === "change" || kind === "destroy" || command.delivery?.kind === "keys"
      ? [new Option("--request-id <uuid>", "to repeat a change; new each time unless said")]
      : []),
    ...(kind === "destroy"
      ? [new Option("--dry-run", "tell what would be done, and do nothing")]
      : []),
    ...(kind === "destroy" || kind === "end"
      ? [new Option("--yes", "do it without being asked")]
      : []),
    ...(command.delivery?.kind === "keys"
      ? [new Option("--csv <file>", "write the keys to a new file that you alone may read")]
      : []),
  ];
}

const EXPRESSIONS = (): readonly Option[] => [
  new Option("--filter <filter>", "which ones, for example 'create_time > 2026-01-01T00:00:00Z'"),
  new Option("--order-by <order>", "for example 'create_time desc'"),
];

const common = (servers: readonly ServerPlace[]): readonly Option[] => [
  new Option("--output <format>", "how the result is written").choices(OUTPUTS),
  ...servers.map(({ spelling, variable }) => new Option(spelling, `where to call (${variable})`)),
  new Option("--token-file <file>", "the bearer secret's file (LEASEHOLD_TOKEN_FILE)"),
  new Option("--debug", "tell more of a failure"),
];

function clear(): Option {
  return new Option("--clear <field>", "make a field empty (repeatable)").argParser(
    (value: string, before: readonly string[] | undefined) => [...(before ?? []), value],
  );
}
