/*
 * What: memory that Redis takes for a live seat.
 * Why: it decides how large a Redis has to be.
 * How: seats are acquired in pools of 1,000 with facts of a holder of some 110 bytes; `used_memory` after, less that
 *   before, by their number. What the ledger has for Postgres is waited for: it is not the seats'.
 */
import type { Bar, Bench } from "../run/bar.ts";
import { rounded } from "../run/compare.ts";
import { fill, openScene, siteDetails } from "./scene.ts";
import { settledMemory } from "./settled-memory.ts";

const POOL = 1_000;

export const bytesPerSeat: Bar = {
  name: "bytes-per-seat",
  title: "memory of Redis for a live seat",
  figures: ["bytesPerSeat"],
  run: async (bench) => {
    await using scene = await openScene(bench);
    const { site, load } = scene;
    const count = seatsOf(bench);
    const pools = await site.sell(count / POOL, { seats: POOL });
    const before = await settledMemory(site);
    const fleet = await load.open(await Promise.all(pools.map((pool) => site.party(pool))), 1);
    await fill(fleet, count);
    const after = await settledMemory(site);
    return {
      figures: { bytesPerSeat: rounded((after - before) / count) },
      details: {
        ...siteDetails(site, bench),
        seats: count,
        "used_memory before": before,
        "used_memory after": after,
      },
      failures: [],
    };
  },
};

function seatsOf({ settings }: Bench): number {
  return settings.quick ? 10_000 : 100_000;
}
