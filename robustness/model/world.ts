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
}

export function worldOf(bounds: Bounds, rules: Rules): World {
  const span = bounds.validity + (rules.grace ? bounds.grace : 0);
  const fence = rules.fence ? bounds.fence : 0;
  return { bounds, rules, span, fence, learn: rules.learningForSpan ? span : bounds.validity - 1 };
}

export function termsAt({ bounds }: World, revision: number): Terms {
  return bounds.terms[revision] ?? bounds.terms[0];
}
