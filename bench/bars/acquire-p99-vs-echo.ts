/*
 * What: p99 of AcquireSeat at 1,000 a second, over that of the echo at the same rate.
 * Why: users wait for a seat when they start; the slowest in a hundred is what they remember.
 * How: open loop: calls are made when it is time, whatever has returned, and their latencies count from that time,
 *   so that a stall of the server is not hidden by calls that were not made. The generator's timer is a millisecond
 *   wide, on both sides. All leases are given back after each round (not measured).
 */
import type { Bar } from "../run/bar.ts";
import {
  compare,
  detailsOf,
  ratioOf,
  rounded,
  median,
  type Parts,
  type Side,
} from "../run/compare.ts";
import { empty, openEchoScene, partsOf, siteDetails } from "./scene.ts";

const PER_SECOND = 1_000;

export const acquireP99VsEcho: Bar = {
  name: "acquire-p99-vs-echo",
  title: "p99 of 1,000 acquires a second against that of the echo",
  figures: ["acquireP99VsEcho"],
  run: async (bench) => {
    await using scene = await openEchoScene(bench);
    const side = (name: string, fleet: typeof scene.ours, parts: Parts): Side => ({
      name,
      parts,
      run: (warmUpMs, ms) =>
        fleet.call("acquire", { kind: "open", perSecond: PER_SECOND, warmUpMs, ms }),
      reset: () => empty(fleet),
    });
    const parts = partsOf(scene.site);
    const comparison = await compare(
      bench,
      side("AcquireSeat", scene.ours, parts),
      side("echo", scene.theirs, { echo: [scene.echo.pid] }),
    );
    return {
      figures: { acquireP99VsEcho: ratioOf(comparison, "p99Ms").ratio },
      details: {
        ...siteDetails(scene.site, bench),
        ...detailsOf(comparison, ["AcquireSeat", "echo"], "p99Ms"),
        "AcquireSeat, median p99 ms": rounded(median(comparison.a.p99Ms)),
      },
      failures: [...comparison.a.failures, ...comparison.b.failures],
    };
  },
};
