import type { Dice } from "../site/dice.ts";
import { type FaultName, FAULTS } from "./faults.ts";

/** Faults one after the other; those of one entry at the same time. */
export type Lane = readonly (readonly FaultName[])[];

/** What happens at the same time. */
export type Round = readonly Lane[];

/** What the killed agent's seat is watched under must be otherwise quiet. */
const QUIET: readonly FaultName[] = ["issuerKilled", "activationKilled", "capacityLowered"];

/** Each fault once: at first some in a cluster that is otherwise well, then all others. */
export function everyFault(names: readonly FaultName[], dice: Dice): readonly Round[] {
  const first = names.filter((name) => name === "agentKilled" || QUIET.includes(name));
  const others = dice.shuffle(names.filter((name) => !first.includes(name)));
  return [
    [alone(first.filter((name) => name === "agentKilled")), alone(first.filter(isQuiet))],
    [alone(others.filter(isOfTheCluster)), alone(others.filter((name) => !isOfTheCluster(name)))],
  ];
}

/** Faults two by two, of kinds that do not get into each other's way. */
export function pairs(names: readonly FaultName[], count: number, dice: Dice): Round {
  return [Array.from({ length: count }, () => pairOf(names, dice))];
}

function pairOf(names: readonly FaultName[], dice: Dice): readonly FaultName[] {
  const first = dice.pick(names);
  return [first, dice.pick(names.filter((name) => FAULTS[name].touches !== FAULTS[first].touches))];
}

function alone(names: readonly FaultName[]): Lane {
  return names.map((name) => [name]);
}

function isQuiet(name: FaultName): boolean {
  return QUIET.includes(name);
}

/** Whether it befalls Redis or seat-brokers, of which one at a time is enough. */
function isOfTheCluster(name: FaultName): boolean {
  return FAULTS[name].touches === "redis" || FAULTS[name].touches === "brokers";
}
