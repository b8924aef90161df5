import type { Dice } from "@leasehold/robustness/dice";

/** What a part gets to work with. */
export interface Task {
  readonly length: "quick" | "long";
  /** Repeatable chance, each part its own. */
  readonly dice: Dice;
  /** How to run the part again: options of `pnpm security`. */
  readonly repeat: string;
  readonly say: (line: string) => void;
}

/** Long enough for anything that a part waits for; a part that passes it stops, and falls below its floors. */
const LIMIT_MS = { quick: 120_000, long: 2 * 3_600_000 } as const;

/** Tells whether a part has time left. A failsafe only: what is tried is bounded by its number. */
export function timeLeft(
  { length }: Pick<Task, "length">,
  limitMs = LIMIT_MS[length],
): () => boolean {
  const end = performance.now() + limitMs;
  return () => performance.now() < end;
}
