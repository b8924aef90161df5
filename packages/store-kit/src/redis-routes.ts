import type { RedisLink } from "./redis-link.ts";
import type { ScriptValue } from "./script-value.ts";

/** Where a command is tried. */
export interface Way {
  readonly link: RedisLink;
  /** Whether the node is told that the key's slot is on its way to it. */
  readonly asking: boolean;
  /** How often it was tried before. */
  readonly tries: number;
}

/** Which node owns which keys: one owns all, or each its slots. */
export interface RedisRoutes extends AsyncDisposable {
  /** The node that owns a key, as far as is known; one of them where there is no key. */
  linkOf(key: ScriptValue | undefined): RedisLink;
  /** All nodes that own keys. */
  links(): readonly RedisLink[];
  /**
   * Where a command may be tried again that failed in this way, once that makes sense;
   * `undefined` unless it certainly did not run and may succeed elsewhere or later.
   */
  wayAfter(error: unknown, failed: Way, key: ScriptValue | undefined): Promise<Way | undefined>;
}

/** What is told about the nodes. */
export interface RouteEvents {
  /** A node that owns keys is connected to, for the first time or again. */
  readonly onConnected: (node: string) => void;
  readonly onConnectionLost: (error: Error) => void;
}
