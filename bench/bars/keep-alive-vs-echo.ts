/*
 * What: leases renewed a second on KeepAlive streams, one a message, over a stream echo of the same messages.
 * Why: heartbeats are nearly all that a seat-broker does.
 * How: 10,000 leases on some 100 streams of 8 machines, 4 unanswered messages on each; the same at both.
 */
import type { Bar } from "../run/bar.ts";
import { compare, detailsOf, ratioOf } from "../run/compare.ts";
import { keepAliveSide } from "./keep-alive-side.ts";
import { openEchoScene, partsOf, siteDetails } from "./scene.ts";

export const keepAliveVsEcho: Bar = {
  name: "keep-alive-vs-echo",
  title: "KeepAlive renewals against a stream echo of the same messages",
  figures: ["keepAliveVsEcho"],
  run: async (bench) => {
    await using scene = await openEchoScene(bench);
    const parts = partsOf(scene.site);
    const comparison = await compare(
      bench,
      await keepAliveSide("KeepAlive", scene.ours, parts),
      await keepAliveSide("echo", scene.theirs, { echo: [scene.echo.pid] }),
    );
    return {
      figures: { keepAliveVsEcho: ratioOf(comparison).ratio },
      details: {
        ...siteDetails(scene.site, bench),
        ...detailsOf(comparison, ["KeepAlive", "echo"]),
      },
      failures: [...comparison.a.failures, ...comparison.b.failures],
    };
  },
};
