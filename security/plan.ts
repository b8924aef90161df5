import { parseArgs } from "node:util";
import type { Clock } from "@leasehold/kernel";

/** What a run does. */
export interface Plan {
  readonly seed: number;
  readonly length: "quick" | "long";
  /** The parts to run, by name; all if empty. */
  readonly only: readonly string[];
  readonly json: boolean;
}

/**
 * @param args `[--quick | --long] [--seed N] [--only part]… [--json]`
 * @param clock what the seed is taken from if none is given
 * @throws if they cannot be understood
 */
export function planOf(args: readonly string[], clock: Clock): Plan {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== "--"),
    options: {
      quick: { type: "boolean" },
      long: { type: "boolean" },
      seed: { type: "string" },
      only: { type: "string", multiple: true },
      json: { type: "boolean" },
    },
  });
  if (values.quick === true && values.long === true)
    throw new RangeError("--quick does not go with --long");
  const seed = Number(values.seed ?? Math.floor(clock.now()) % 1_000_000);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError("--seed must be a number");
  return {
    seed,
    length: values.long === true ? "long" : "quick",
    only: values.only ?? [],
    json: values.json === true,
  };
}
