import type { Command } from "./command.ts";
import type { LocalCommand } from "./local-command.ts";

/** Commands about one thing. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly (Command | LocalCommand)[];
}
