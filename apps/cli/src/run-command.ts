import { isUuid, newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { buildRequest, type Given, type Typed } from "./build-request.ts";
import { attributeOf, type Command } from "./command.ts";
import type { LocalCommand } from "./local-command.ts";
import type { Server } from "./call-services.ts";
import { deliver } from "./deliver.ts";
import { EXIT, tellFailure } from "./failure.ts";
import type { Json, JsonObject } from "./json.ts";
import { listAll } from "./list-all.ts";
import { connection, limitOf, outputOf } from "./settings.ts";
import { type ServerAddress, serverOf } from "./servers.ts";
import { withLogin } from "./with-login.ts";
import { show } from "./show.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** What a run of a command stands on. */
export interface Surroundings {
  readonly terminal: Terminal;
  readonly openServer: (address: ServerAddress) => Promise<Server>;
}

/** A command that was typed. */
export interface Run<Typed extends Command | LocalCommand = Command | LocalCommand> {
  /** As it was typed: `license revoke`. */
  readonly what: string;
  readonly command: Typed;
  readonly argument: string | undefined;
  readonly given: Given;
}

/** Carries a command out; resolves with the exit code, whatever happens. */
export async function runCommand(run: Run<Command>, surroundings: Surroundings): Promise<number> {
  const { what, command, given } = run;
  const { terminal } = surroundings;
  let requestId: string | undefined;
  try {
    const { environment } = terminal;
    const to = connection(serverOf(command.method), given, environment);
    const made = buildRequest(command, await withFiles(run));
    requestId = changes(command) ? requestIdOf(given) : undefined;
    const request = requestId === undefined ? made : { ...made, requestId };
    if (!(await agreed(run, terminal))) return EXIT.refused;
    const address = await withLogin(to, [command.method], environment);
    await using server = await surroundings.openServer(address);
    return await carryOut(run, request, server, terminal);
  } catch (thrown) {
    return tellFailure(thrown, { what, command, requestId }, given, terminal);
  }
}

async function carryOut(
  { command, given }: Run<Command>,
  request: JsonObject,
  server: Server,
  terminal: Terminal,
): Promise<number> {
  const output = outputOf(given);
  const { method, delivery, columns, tables } = command;
  if (delivery) {
    const responses = server.stream(method, request);
    return deliver({ command: { ...command, delivery }, responses, given, output, terminal });
  }
  const showing = { output, columns, tables, colour: terminal.colour };
  if (command.kind === "list") {
    const [field, limit] = [command.show ?? "", limitOf(given)];
    const { items, more } = await listAll(server.call, method, { request, field, limit });
    await terminal.out(await show(items, showing));
    if (items.length === 0 && output === "table") terminal.err("there is none\n");
    if (more) terminal.err(`there are more than ${limit}: say a larger --limit\n`);
    return EXIT.ok;
  }
  const response = await server.call(method, request);
  const result: Json = command.show === undefined ? response : (response[command.show] ?? null);
  await terminal.out(await show(result, showing));
  if ((command.kind === "act" || command.kind === "end") && output === "table")
    terminal.err("done\n");
  if (given["dryRun"] === true) terminal.err("dry run: nothing was changed, this would be\n");
  return EXIT.ok;
}

/** Whether the person who types means it, where that is to be asked. */
async function agreed(
  { what, command, argument, given }: Run<Command>,
  terminal: Terminal,
): Promise<boolean> {
  const { kind } = command;
  if (kind !== "destroy" && kind !== "end") return true;
  if (given["yes"] === true || given["dryRun"] === true) return true;
  if (!terminal.interactive)
    throw new UsageError(
      `nobody can be asked whether this is meant: say --yes${kind === "destroy" ? ", or --dry-run" : ""}`,
    );
  terminal.err(`${command.summary}.\n`);
  const answer = await terminal.ask(
    `leasehold ${[what, argument].join(" ").trim()} — go on? [y/N] `,
  );
  const yes = /^y(es)?$/i.test(answer.trim());
  if (!yes) terminal.err("nothing was done\n");
  return yes;
}

function changes(command: Command): boolean {
  return (
    command.kind === "change" || command.kind === "destroy" || command.delivery?.kind === "keys"
  );
}

function requestIdOf(given: Given): string {
  const told = given["requestId"];
  if (told === undefined) return newUuid(systemClock, systemRandom);
  if (typeof told === "string" && isUuid(told)) return told;
  throw new UsageError("--request-id is a UUID of 36 lower-case characters");
}

/** With the messages that files have in them. */
async function withFiles({ command, argument, given }: Run<Command>): Promise<Typed> {
  const files: Record<string, Json> = {};
  for (const flag of command.flags ?? []) {
    const path = given[attributeOf(flag)];
    if (flag.file === true && typeof path === "string") {
      const { readMessage } = await import("./read-message.ts");
      files[flag.path] = readMessage(path);
    }
  }
  return { argument, given, files };
}
