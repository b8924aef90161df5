import { Command as Commander, CommanderError, Option } from "commander";
import type { Given } from "./build-request.ts";
import { COMMANDS } from "./commands/index.ts";
import type { Command } from "./command.ts";
import type { CommandGroup } from "./command-group.ts";
import type { LocalCommand } from "./local-command.ts";
import { EXIT } from "./failure.ts";
import type { Run } from "./run-command.ts";
import { commonFlags } from "./common-flags.ts";
import type { Terminal } from "./terminal.ts";

const EPILOGUE = `
Where and as whom:
  LEASEHOLD_ISSUER       address of the issuer, HOST:PORT; --issuer says it otherwise
  LEASEHOLD_ACTIVATION   address of activation; --activation says it otherwise
  LEASEHOLD_SEAT_BROKER  address of a seat-broker; --seat-broker says it otherwise
  LEASEHOLD_TOKEN_FILE   file with the bearer secret; --token-file says it otherwise.
                         Without either, whoever said leasehold login
  LEASEHOLD_TLS_AUTHORITIES_FILE
                         PEM file with the authorities that servers are known by. Without it,
                         the system's, and plaintext to this machine
  LEASEHOLD_PLAINTEXT    on: no encryption, wherever the server is

Exit codes: 0 done, 1 refused, 2 not understood, 3 nobody answered.
Example: leasehold license list --filter 'state = ACTIVE' --output json
`;

/** Understands what was typed, runs it, and resolves with the exit code. */
export async function runProgram(
  words: readonly string[],
  terminal: Pick<Terminal, "err">,
  run: (run: Run) => Promise<number>,
): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = new Commander("leasehold")
    .description("The command line of a licensing desk.")
    .exitOverride()
    .configureOutput({ writeErr: (text) => terminal.err(text) })
    .addHelpText("after", EPILOGUE);
  const act: Act = async (typed) => {
    exitCode = await run(typed);
  };
  for (const entry of COMMANDS)
    if ("commands" in entry) addGroup(program, entry, act);
    else addCommand(program, "", entry, act);
  try {
    await program.parseAsync(words, { from: "user" });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    return thrown.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  return exitCode;
}

type Act = (run: Run) => Promise<void>;

function addGroup(program: Commander, group: CommandGroup, act: Act): void {
  const commander = program.command(group.name).description(group.summary).helpCommand(false);
  for (const command of group.commands) addCommand(commander, `${group.name} `, command, act);
}

function addCommand(
  group: Commander,
  before: string,
  command: Command | LocalCommand,
  act: Act,
): void {
  const what = before + command.verb;
  const commander = group
    .command(command.verb)
    .description(command.summary)
    .addHelpText("after", `\nExample:\n  leasehold ${what} ${command.example}`.trimEnd());
  if (command.argument) commander.argument(`<${command.argument.name}>`);
  for (const flag of command.flags ?? []) {
    const option = new Option(flag.spelling, flag.help);
    if (flag.repeated === true) option.argParser(append);
    commander.addOption(option.makeOptionMandatory(flag.required === true));
  }
  for (const option of commonFlags(command)) commander.addOption(option);
  commander.action(() => {
    const [argument] = commander.args;
    return act({ what, command, argument, given: commander.opts<Given>() });
  });
}

function append(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}
