import { ambiguousLeases, fallenFences, learningWindows } from "../checker/fences.ts";
import type { History } from "../checker/history.ts";
import { grantedTooEarly, killedSeats } from "../checker/killed-seats.ts";
import { lostAboveLowered, lostLiveHolders } from "../checker/lost-holders.ts";
import { idleSeats, outOfOrder } from "../checker/queue.ts";
import { shareAtCapacity, timeAboveLowered, tooMany } from "../checker/too-many.ts";
import { belowFloors, type Outcome } from "../outcome.ts";
import type { Timings } from "../site/timings.ts";
import type { Chaos } from "./chaos.ts";
import type { FaultName } from "./faults.ts";

/** A run that was never put to the test shows nothing. */
const FLOORS = {
  timeAtCapShare: 0.3,
  contended: 100,
  grants: 1_000,
  learningWindows: 3,
  killedSeatsGrantedAgain: 1,
  ordersChecked: 100,
  idleChecked: 20,
} as const;

/** Of each kind. */
const MOST_TOLD = 10;

/** What a run came to, by the checker. */
export function verdictOf(chaos: Chaos, timings: Timings): Outcome {
  const { history } = chaos;
  const killed = killedSeats(history, timings);
  const order = outOfOrder(history, timings);
  const idle = idleSeats(history, timings);
  const broken = {
    violations: tooMany(history, timings),
    lostLiveHolders: lostLiveHolders(history, timings),
    fallenFences: fallenFences(history.holdings),
    ambiguousLeases: ambiguousLeases(history),
    grantedTooEarly: grantedTooEarly(history, timings),
    notGrantedAgain: killed.notAgain,
    outOfOrder: order.failures,
    idleSeats: idle.failures,
    notDrained: chaos.notDrained,
    mishaps: chaos.mishaps,
  };
  const figures = {
    ...Object.fromEntries(Object.entries(broken).map(([kind, found]) => [kind, found.length])),
    ...workOf(history, timings),
    killedSeatsGrantedAgain: killed.again,
    ordersChecked: order.checked,
    idleChecked: idle.checked,
    ...Object.fromEntries(chaos.fired.map(({ name, times }) => [figureOf(name), times])),
  };
  const told = Object.entries(broken).flatMap(([kind, found]) =>
    found.slice(0, MOST_TOLD).map((each) => `${kind}: ${each}`),
  );
  const never = chaos.fired
    .filter(({ times, expected }) => expected && times === 0)
    .map(({ name }) => `${name} never fired`);
  return { figures, failures: [...told, ...belowFloors(figures, FLOORS), ...never] };
}

/** What the run was put to. */
function workOf(history: History, timings: Timings) {
  const refusedFor = (reason: string) =>
    history.refusals.filter((refusal) => refusal.reason === reason).length;
  return {
    timeAtCapShare: Number(shareAtCapacity(history).toFixed(3)),
    contended: refusedFor("NO_SEATS"),
    recovering: refusedFor("RECOVERING"),
    grants: history.holdings.length,
    learningWindows: learningWindows(history.holdings),
    losses: history.losses.length,
    lostAboveLowered: lostAboveLowered(history, timings),
    secondsAboveLowered: Math.round(timeAboveLowered(history, timings) / 1_000),
    seconds: Math.round((history.until - history.from) / 1_000),
  };
}

function figureOf(name: FaultName): string {
  return `fault.${name}`;
}
