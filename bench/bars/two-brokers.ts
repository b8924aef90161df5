/*
 * What: leases renewed a second by two seat-brokers over what one of them does alone.
 * Why: seat-brokers have no state; a second one has to be worth something although Redis is shared.
 * How: two seat-brokers, one Redis and the load on all processors, nothing pinned; the same number of machines, streams
 *   and leases either all at the first, or half at each (clients balance by themselves).
 */
import type { Bar } from "../run/bar.ts";
import { compare, detailsOf, ratioOf, type Side } from "../run/compare.ts";
import { moveSelf } from "../site/cores.ts";
import { DEPTH, fill, LEASES, openScene, PARTIES, partsOf, siteDetails, STREAMS } from "./scene.ts";

export const twoBrokers: Bar = {
  name: "two-brokers",
  title: "two seat-brokers against one",
  figures: ["twoBrokers"],
  run: async (bench) => {
    moveSelf(bench.cores.all);
    await using scene = await openScene(bench, { brokers: [{ isFree: true }, { isFree: true }] });
    const alone = await scene.load.open(await scene.parties(0), 1);
    const half = PARTIES / 2;
    // One fleet, whose machines are at both.
    const both = await scene.load.open(
      [...(await scene.parties(0, half)), ...(await scene.parties(1, half))],
      1,
    );
    for (const fleet of [alone, both]) {
      await fill(fleet, LEASES);
      await fleet.openStreams(Math.ceil(STREAMS / PARTIES));
    }
    const side = (name: string, fleet: typeof both): Side => ({
      name,
      parts: partsOf(scene.site),
      run: (warmUpMs, ms) => fleet.beat({ leasesPerMessage: 1, depth: DEPTH, warmUpMs, ms }),
    });
    const comparison = await compare(bench, side("two", both), side("one", alone));
    return {
      figures: { twoBrokers: ratioOf(comparison).ratio },
      details: { ...siteDetails(scene.site, bench), ...detailsOf(comparison, ["two", "one"]) },
      failures: [...comparison.a.failures, ...comparison.b.failures],
    };
  },
};
