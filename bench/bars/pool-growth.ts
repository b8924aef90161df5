/*
 * What: p50 of AcquireSeat in a pool of a million live seats over that in a pool of a thousand.
 * Why: the work of a grant must not grow with the pool.
 * How: both pools at one seat-broker; one call at a time, the pools in turns; what was acquired is given back after each
 *   round (not measured). bench/growth.ts has the curves between, and what else may grow.
 */
import type { Bar } from "../run/bar.ts";
import { compare, detailsOf, ratioOf, type Side } from "../run/compare.ts";
import { fill, openScene, siteDetails } from "./scene.ts";

const SMALL = 1_000;
/** The most that a license may have; what comes on top of a full pool is its overdraft. */
const MOST = 1_000_000;

export const poolGrowth: Bar = {
  name: "pool-growth",
  title: "AcquireSeat in a large pool against a small one",
  figures: ["poolGrowth"],
  run: async (bench) => {
    await using scene = await openScene(bench);
    const { site, load } = scene;
    const large = bench.settings.quick ? 20_000 : MOST;
    const sideOf = async (size: number): Promise<Side> => {
      const [pool] = await site.sell(1, { seats: MOST, overdraft: MOST });
      if (!pool) throw new Error("nothing was sold");
      const fleet = await load.open([await site.party(pool)], 1);
      await fill(fleet, size);
      let granted = 0;
      return {
        name: `${size} seats`,
        run: async (warmUpMs, ms) => {
          const report = await fleet.call("acquire", { kind: "closed", inFlight: 1, warmUpMs, ms });
          // Those of the warm-up too, at the same pace.
          granted = Math.ceil((report.count * (warmUpMs + ms)) / ms);
          return report;
        },
        reset: async () =>
          void (await fleet.call("release", { kind: "count", inFlight: 16, count: granted })),
      };
    };
    const comparison = await compare(bench, await sideOf(large), await sideOf(SMALL));
    return {
      figures: { poolGrowth: ratioOf(comparison, "p50Ms").ratio },
      details: {
        ...siteDetails(site, bench),
        ...detailsOf(comparison, [`${large} seats`, `${SMALL} seats`], "p50Ms"),
      },
      failures: [...comparison.a.failures, ...comparison.b.failures],
    };
  },
};
