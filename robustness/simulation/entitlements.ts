import type { Pool } from "../../services/seat-broker/src/domain/pool.ts";
import type { BarredList } from "../../services/seat-broker/src/use-cases/barred-installations.ts";
import type { EntitlementFeed } from "../../services/seat-broker/src/use-cases/feed-ports.ts";
import type { Dice } from "./dice.ts";
import type { VirtualProcess } from "./virtual-process.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** What a license entitles to, change after change, as activation tells each seat-broker. */
export interface Entitlements {
  readonly newest: Pool;
  readonly all: readonly Pool[];
  change(pool: Pool): void;
  feedFor(broker: VirtualProcess): EntitlementFeed;
}

/** No installation is ever disabled here. */
function noneOf({ license }: Pool): BarredList {
  return { license, installations: [], revision: 0n };
}

export function entitlements(time: VirtualTime, dice: Dice, first: Pool): Entitlements {
  const all: Pool[] = [first];
  const wakes = new Set<() => void>();

  function told(broker: VirtualProcess): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        wakes.delete(wake);
        time.in(dice.between(1, 200), () => broker.deliver(resolve));
      };
      wakes.add(wake);
      broker.ended.addEventListener("abort", () => wakes.delete(wake), { once: true });
    });
  }

  return {
    get newest() {
      return all.at(-1) ?? first;
    },
    all,
    change: (pool) => {
      all.push(pool);
      for (const wake of wakes) wake();
    },
    feedFor: (broker) => ({
      watch: async function* (after, signal) {
        for (let next = Number(after); !signal.aborted;) {
          const pool = all[next];
          if (!pool) await told(broker);
          else
            yield {
              position: BigInt(++next),
              change: { kind: "pool", pool, barred: noneOf(pool) },
            };
        }
      },
    }),
  };
}
