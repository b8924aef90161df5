import type { Uuid } from "@leasehold/kernel";
import type { Pool } from "../../services/seat-broker/src/domain/pool.ts";
import { OPEN_POLICY } from "../../services/seat-broker/src/domain/seat-policy.ts";
import { ANY_VERSION } from "../../services/seat-broker/src/domain/version-rules.ts";
import type { Habits } from "./application.ts";
import type { Dice } from "./dice.ts";
import { CLOCKS_START } from "./virtual-process.ts";

/** What one simulation is about. Milliseconds. */
export interface Setting {
  readonly clients: number;
  readonly seats: number;
  readonly validityMs: number;
  readonly graceMs: number;
  readonly fenceMs: number;
  readonly habits: Habits;
}

const YEAR_MS = 365 * 86_400_000;
/** The default times, and short ones, in the proportions that the fence leaves. */
const TIMES = [
  { validityMs: 12_000, graceMs: 3_000, fenceMs: 4_000 },
  { validityMs: 12_000, graceMs: 3_000, fenceMs: 4_000 },
  { validityMs: 45_000, graceMs: 10_000, fenceMs: 12_000 },
] as const;

export function drawSetting(dice: Dice): Setting {
  const times = dice.pick(TIMES);
  const clients = dice.pick([4, 5, 6]);
  return {
    ...times,
    clients,
    seats: dice.pick([1, 1, 2, 3]),
    habits: {
      idleMs: times.validityMs * dice.between(0.02, 0.3),
      busyMs: times.validityMs * dice.between(0.5, 2.5),
      waits: dice.pick([0, 0.5, 1]),
      givesUp: dice.pick([0, 0.1, 0.3]),
    },
  };
}

export function firstPool(license: Uuid, { seats, validityMs, graceMs }: Setting): Pool {
  return {
    license,
    name: `customers/simulated/licenses/${license}`,
    revision: 1n,
    productRevision: 0n,
    state: "ACTIVE",
    terms: {
      model: "FLOATING",
      seats,
      features: [],
      startTime: CLOCKS_START - YEAR_MS,
      endTime: CLOCKS_START + YEAR_MS,
      validityMs,
      graceMs,
      policy: OPEN_POLICY,
      changePolicy: "LIVE",
      versions: ANY_VERSION,
    },
  };
}
