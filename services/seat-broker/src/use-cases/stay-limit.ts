import type { Problem, Uuid } from "@leasehold/kernel";

/** Keeps out one too many of those who stay for long. */
export interface StayLimit {
  /**
   * @returns disposed when it leaves
   * @throws Problem RATE_LIMITED if the installation has too many in, OVERLOADED if the broker has
   */
  enter(installation: Uuid): Disposable;
  /** How many are in. */
  count(): number;
}

export interface StayLimitOptions {
  readonly most: number;
  /** Of one installation. */
  readonly mostEach: number;
  readonly full: () => Problem;
  readonly tooMany: () => Problem;
}

export function stayLimit({ most, mostEach, full, tooMany }: StayLimitOptions): StayLimit {
  const counts = new Map<Uuid, number>();
  let count = 0;

  function leave(installation: Uuid): void {
    const left = (counts.get(installation) ?? 0) - 1;
    count -= 1;
    if (left > 0) counts.set(installation, left);
    else counts.delete(installation);
  }

  return {
    count: () => count,
    enter: (installation) => {
      const own = counts.get(installation) ?? 0;
      if (own >= mostEach) throw tooMany();
      if (count >= most) throw full();
      counts.set(installation, own + 1);
      count += 1;
      const stack = new DisposableStack();
      stack.defer(() => leave(installation));
      return stack;
    },
  };
}
