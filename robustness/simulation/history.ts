import { createHash } from "node:crypto";
import type { VirtualTime } from "./virtual-time.ts";

/** What happened, in order. */
export interface History {
  note(who: string, what: string): void;
  /** Of all that was noted: the same for the same history. */
  digest(): string;
  lines(): readonly string[];
}

export function history(time: VirtualTime): History {
  const hash = createHash("sha256");
  const lines: string[] = [];
  return {
    note: (who, what) => {
      const line = `${(time.now / 1_000).toFixed(3).padStart(9)}  ${who.padEnd(10)} ${what}`;
      hash.update(line);
      lines.push(line);
    },
    digest: () => hash.copy().digest("hex"),
    lines: () => lines,
  };
}
