import { createHash } from "node:crypto";

/** Chance that a seed determines. Each part of a simulation has dice of its own, so that one more throw of one changes nothing for the others. */
export interface Dice {
  /** 0 to 1, evenly; never 1. */
  throw(): number;
  /** Whether something of this probability happens. */
  happens(probability: number): boolean;
  /** From `low` to `high`, evenly. */
  between(low: number, high: number): number;
  /** One of these, each as likely. */
  pick<T>(among: readonly T[]): T;
  bytes(length: number): Uint8Array;
  /** Dice for a part of its own. */
  of(part: string): Dice;
}

export function dice(seed: string): Dice {
  const digest = createHash("sha256").update(seed).digest();
  // sfc32: four words of state, good enough that no pattern shows in a history.
  let a = digest.readUInt32LE(0);
  let b = digest.readUInt32LE(4);
  let c = digest.readUInt32LE(8);
  let counter = 1;

  function word(): number {
    const sum = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  }

  const chance = (): number => word() / 2 ** 32;
  return {
    throw: chance,
    happens: (probability) => chance() < probability,
    between: (low, high) => low + chance() * (high - low),
    pick: <T>(among: readonly T[]) => {
      if (among.length === 0) throw new RangeError("there is nothing to pick from");
      return among[Math.floor(chance() * among.length)] as T;
    },
    bytes: (length) => Uint8Array.from({ length }, () => word() & 0xff),
    of: (part) => dice(`${seed}/${part}`),
  };
}
