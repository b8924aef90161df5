import { parseArgs } from "node:util";
import type { Clock } from "@leasehold/kernel";
import { TOPOLOGIES, type Topology } from "./site/timings.ts";

/** What a run does. */
export interface Plan {
  readonly seed: number;
  readonly topologies: readonly Topology[];
  /** Each fault once, or for so long on each topology. */
  readonly length: "once" | { readonly minutes: number };
  readonly json: boolean;
}

const LONG_MINUTES = 20;

/**
 * @param args `[--quick | --long] [--topology …] [--seed N] [--minutes M] [--json]`
 * @param clock what the seed is taken from if none is given
 * @throws if they cannot be understood
 */
export function planOf(args: readonly string[], clock: Clock): Plan {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== "--"),
    options: {
      quick: { type: "boolean" },
      long: { type: "boolean" },
      topology: { type: "string" },
      seed: { type: "string" },
      minutes: { type: "string" },
      json: { type: "boolean" },
    },
  });
  if (values.quick === true && (values.long === true || values.minutes !== undefined))
    throw new RangeError("--quick goes with neither --long nor --minutes");
  const isLong = values.long === true || values.minutes !== undefined;
  const minutes = numberOf("--minutes", values.minutes ?? String(LONG_MINUTES));
  return {
    seed: numberOf("--seed", values.seed ?? String(Math.floor(clock.now()) % 1_000_000)),
    topologies: topologiesOf(values.topology ?? "single"),
    length: isLong ? { minutes } : "once",
    json: values.json === true,
  };
}

function topologiesOf(name: string): readonly Topology[] {
  if (name === "all") return TOPOLOGIES;
  const topology = TOPOLOGIES.find((each) => each === name);
  if (topology) return [topology];
  throw new RangeError(`--topology must be one of ${TOPOLOGIES.join(", ")}, all`);
}

function numberOf(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${option} must be a number`);
  return value;
}
