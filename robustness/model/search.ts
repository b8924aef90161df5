import type { Bounds } from "./bounds.ts";
import { encode } from "./encode.ts";
import { moves } from "./moves.ts";
import type { Rules } from "./rules.ts";
import { initialState, type State } from "./state.ts";
import { capacityInForce, faultOf, type Violation } from "./verdict.ts";
import { type World, worldOf } from "./world.ts";

/** What a search looked for and found. */
export interface Finding {
  /** Different states that were reached. */
  readonly states: number;
  /** Whether every state that can be reached was. */
  readonly exhausted: boolean;
  /** The first violation of those looked for, with the shortest history that leads to it. */
  readonly found:
    | { readonly violation: Violation; readonly history: readonly string[] }
    | undefined;
}

export interface SearchOptions {
  readonly looksFor: readonly Violation[];
  /** Gives up after so many states. */
  readonly most: number;
}

/** Searches everything that can happen, the shortest histories first. */
export function search(bounds: Bounds, rules: Rules, { looksFor, most }: SearchOptions): Finding {
  const world = worldOf(bounds, rules);
  const start = initialState(world);
  const indexes = new Map<string, number>([[encode(start), 0]]);
  const parents: number[] = [-1];
  const queue: (State | undefined)[] = [start];
  const faults: { violation: Violation; at: number; last: string }[] = [];
  for (let at = 0; at < queue.length && queue.length < most && faults.length === 0; at += 1) {
    const state = queue[at];
    queue[at] = undefined;
    if (!state) continue;
    moves(world, state, (what, next, violation) => {
      if (faults.length > 0) return;
      countCapacity(world, next);
      const wrong = [violation, faultOf(next)].find((each) => each && looksFor.includes(each));
      if (wrong) faults.push({ violation: wrong, at, last: what });
      const key = encode(next);
      if (indexes.has(key)) return;
      indexes.set(key, queue.length);
      parents.push(at);
      queue.push(next);
    });
  }
  const states = indexes.size;
  const [found] = faults;
  if (!found) return { states, exhausted: queue.length < most, found: undefined };
  const history = [...historyOf(world, start, [...indexes.keys()], parents, found.at), found.last];
  return { states, exhausted: false, found: { violation: found.violation, history } };
}

/** Keeps what was the largest capacity in force during the last span. */
function countCapacity(world: World, s: State): void {
  const inForce = capacityInForce(world, s);
  if (inForce >= s.capacity) {
    s.capacity = inForce;
    s.capacityFor = 0;
    return;
  }
  // It still counts for a span after it was lowered; the 0 after that is when it ends.
  if (s.capacityFor === 0) s.capacityFor = world.span + 1;
  else if (s.capacityFor === 1) {
    s.capacity = inForce;
    s.capacityFor = 0;
  }
}

/** Only what each state came from is kept: how it came from there is found again. */
function historyOf(
  world: World,
  start: State,
  keys: readonly string[],
  parents: readonly number[],
  end: number,
): readonly string[] {
  const path: number[] = [];
  for (let at = end; at > 0; at = parents[at] ?? -1) path.unshift(at);
  const history: string[] = [];
  let state = start;
  for (const target of path) {
    const key = keys[target];
    let step: { what: string; next: State } | undefined;
    moves(world, state, (what, next) => {
      if (step) return;
      countCapacity(world, next);
      if (encode(next) === key) step = { what, next };
    });
    if (!step) throw new Error("a state cannot be reached in the way it was");
    history.push(step.what);
    state = step.next;
  }
  return history;
}
