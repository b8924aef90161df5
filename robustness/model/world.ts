import type { Bounds, Terms } from "./bounds.ts";
import type { Rules } from "./rules.ts";

/** What stays the same throughout one search. */
export interface World {
  readonly bounds: Bounds;
  readonly rules: Rules;
  /** Ticks that the server keeps a seat after a renewal. */
  readonly span: number;
  readonly fence: number;
  readonly learn: number;
  /** Beyond this, in ticks, one time is as long ago as another. */
  readonly longAgo: number;
  /** How far a clock is ahead of or behind the others at most. */
  readonly apart: number;
  /** Whether every clock runs evenly in the sight of every broker: pools then need not be looked at to go on. */
  readonly even: boolean;
}

export function worldOf(bounds: Bounds, rules: Rules): World {
  const { faults, steps } = bounds;
  const span = bounds.validity + (rules.grace ? bounds.grace : 0);
  const fence = rules.fence ? bounds.fence : 0;
  const stepped = steps.reduce((sum, step) => Math.max(sum, Math.abs(step)), 0);
  const apart =
    stepped * (faults.clockSteps ?? 0) + Math.abs(bounds.hostsDiffer) * (bounds.nodes - 1);
  const even = (faults.clockSteps ?? 0) === 0 && (faults.brokerRestarts ?? 0) === 0;
  const learn = rules.learningForSpan ? span : bounds.validity - 1;
  return { bounds, rules, span, fence, learn, longAgo: span + fence + apart, apart, even };
}

export function termsAt({ bounds }: World, revision: number): Terms {
  return bounds.terms[revision] ?? bounds.terms[0];
}

/** The most seats of the revisions from one to another. */
export function mostSeats(world: World, from: number, to: number): number {
  let seats = 0;
  for (let revision = from; revision <= to; revision += 1)
    seats = Math.max(seats, termsAt(world, revision).seats);
  return seats;
}
