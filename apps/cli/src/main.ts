#!/usr/bin/env node
import { runProgram } from "./program.ts";
import { processTerminal } from "./terminal.ts";

const terminal = processTerminal();
process.exitCode = await runProgram(process.argv.slice(2), terminal, async (run) => {
  // What runs a command is loaded when one runs, so that help is there at once.
  const { runCommand } = await import("./run-command.ts");
  const { openIssuer } = await import("./call-issuer.ts");
  return runCommand(run, { terminal, openIssuer });
});
