import type { MissingComponent } from "./component.ts";
import type { MachineSource } from "./machine-source.ts";
import { isPlaceholder } from "./placeholder.ts";

/** What looking for a component came to: its values, or why there is none. */
export type Finding = readonly string[] | Exclude<MissingComponent["why"], "volatile">;

/** Looks for a component. */
export type Look = (source: MachineSource) => Promise<Finding>;

/** A text that tells the machine from others. */
export function one(text: string | undefined): Finding {
  return several(text === undefined ? [] : [text]);
}

/** Those texts that do. */
export function several(texts: readonly string[]): Finding {
  const telling = texts.filter((text) => !isPlaceholder(text));
  return telling.length === 0 ? "absent" : telling;
}
