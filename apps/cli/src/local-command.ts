import type { Given } from "./build-request.ts";
import type { Argument, Flag, MethodPath } from "./command.ts";
import type { Json } from "./json.ts";
import type { ServerAddress, ServerName } from "./servers.ts";
import type { Terminal } from "./terminal.ts";

/**
 * A command that is no single call: it does something on this machine, and calls what it needs
 * by itself.
 */
export interface LocalCommand {
  readonly verb: string;
  readonly kind: "local";
  readonly summary: string;
  readonly example: string;
  readonly argument?: Pick<Argument, "name">;
  readonly flags?: readonly LocalFlag[];
  /** The methods that it calls, and through which it says where to. */
  readonly calls: readonly MethodPath[];
  /** Loads what carries it out. */
  readonly load: () => Promise<CarryOut>;
}

/** A flag of a local command. */
export type LocalFlag = Pick<Flag, "spelling" | "help" | "repeated" | "required">;

/** Carries a local command out. @returns what is shown; `undefined` for nothing */
export type CarryOut = (run: LocalRun) => Promise<Json | undefined>;

/** A local command that was typed. */
export interface LocalRun {
  readonly argument: string | undefined;
  /** By commander's names. */
  readonly given: Given;
  readonly terminal: Terminal;
  /** Where a server is, and as whom it is spoken to. @throws UsageError if that is not said */
  readonly server: (name: ServerName) => ServerAddress;
}
