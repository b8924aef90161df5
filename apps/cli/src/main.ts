#!/usr/bin/env node
import { runProgram } from "./program.ts";
import { processTerminal } from "./terminal.ts";

const terminal = processTerminal();
process.exitCode = await runProgram(process.argv.slice(2), terminal, async (run) => {
  // What runs a command is loaded when one runs, so that help is there at once.
  if (run.command.kind === "local") {
    const { runLocal } = await import("./run-local.ts");
    return runLocal({ ...run, command: run.command }, terminal);
  }
  const { runCommand } = await import("./run-command.ts");
  const { openServer } = await import("./call-services.ts");
  return runCommand({ ...run, command: run.command }, { terminal, openServer });
});
