import type { LocalCommand } from "./local-command.ts";
import { EXIT, tellFailure } from "./failure.ts";
import type { Run } from "./run-command.ts";
import { connection, outputOf, saysWho } from "./settings.ts";
import { show } from "./show.ts";
import type { Terminal } from "./terminal.ts";
import { withLogin } from "./with-login.ts";

const NOBODY = { address: "", token: undefined, security: {} };

/** Carries a local command out; resolves with the exit code, whatever happens. */
export async function runLocal(
  { what, command, argument, given }: Run<LocalCommand>,
  terminal: Terminal,
): Promise<number> {
  try {
    const output = outputOf(given);
    const carryOut = await command.load();
    const { environment } = terminal;
    const login = await withLogin(
      NOBODY,
      saysWho(given, environment) ? [] : command.calls,
      environment,
    );
    const result = await carryOut({
      argument,
      given,
      terminal,
      server: (name) => {
        const { address, token = login.token, security } = connection(name, given, environment);
        return { address, token, security };
      },
    });
    if (result !== undefined)
      await terminal.out(await show(result, { output, colour: terminal.colour }));
    return EXIT.ok;
  } catch (thrown) {
    return tellFailure(thrown, { what, command }, given, terminal);
  }
}
