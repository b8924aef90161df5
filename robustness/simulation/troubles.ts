import type { VirtualTime } from "./virtual-time.ts";

/** Something that keeps heartbeats from being answered. */
interface Trouble {
  /** Whom it concerns: everybody, or a machine by its name. */
  readonly scope: string;
  readonly from: number;
  until: number;
}

export const EVERYBODY = "everybody";

/** When what was out of order, so that it can be told whom a loss may be laid on. */
export interface Troubles {
  /** @returns ends it, so many milliseconds from then */
  begin(scope: string): (afterMs?: number) => void;
  /** For how many of the last milliseconds at least one of these was out of order. */
  within(ms: number, scopes: readonly string[]): number;
  /** Since when nothing has been out of order anywhere; `undefined` while something is. */
  quietSince(): number | undefined;
}

export function troubles(time: VirtualTime): Troubles {
  const all: Trouble[] = [];
  return {
    begin: (scope) => {
      const trouble = { scope, from: time.now, until: Number.POSITIVE_INFINITY };
      all.push(trouble);
      return (afterMs = 0) => void (trouble.until = time.now + afterMs);
    },
    within: (ms, scopes) => {
      let counted = time.now - ms;
      let sum = 0;
      for (const { scope, from, until } of all) {
        if (!scopes.includes(scope)) continue;
        const [begin, end] = [Math.max(from, counted), Math.min(until, time.now)];
        if (end <= begin) continue;
        sum += end - begin;
        counted = end;
      }
      return sum;
    },
    quietSince: () => {
      const last = all.reduce((latest, { until }) => Math.max(latest, until), 0);
      return last <= time.now ? last : undefined;
    },
  };
}
