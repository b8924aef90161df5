/*
 * What: leases renewed a second on KeepAlive streams, one a message, over unary RenewSeats of one lease.
 * Why: says what the stream is for.
 * How: the same seat-broker and license; 10,000 leases on some 100 streams, and 10,000 others with 64 calls under way.
 */
import type { Bar } from "../run/bar.ts";
import { compare, detailsOf, ratioOf } from "../run/compare.ts";
import { keepAliveSide } from "./keep-alive-side.ts";
import { fill, IN_FLIGHT, LEASES, openScene, partsOf, siteDetails } from "./scene.ts";

export const keepAliveVsUnary: Bar = {
  name: "keep-alive-vs-unary",
  title: "KeepAlive renewals against unary ones",
  figures: ["keepAliveVsUnary"],
  run: async (bench) => {
    await using scene = await openScene(bench);
    const parts = partsOf(scene.site);
    const streaming = await scene.load.open(await scene.parties(), 1);
    const calling = await scene.load.open(await scene.parties(), 1);
    await fill(calling, LEASES);
    const comparison = await compare(bench, await keepAliveSide("KeepAlive", streaming, parts), {
      name: "unary",
      parts,
      run: (warmUpMs, ms) =>
        calling.call("renew", { kind: "closed", inFlight: IN_FLIGHT, warmUpMs, ms }),
    });
    return {
      figures: { keepAliveVsUnary: ratioOf(comparison).ratio },
      details: {
        ...siteDetails(scene.site, bench),
        ...detailsOf(comparison, ["KeepAlive", "unary"]),
      },
      failures: [...comparison.a.failures, ...comparison.b.failures],
    };
  },
};
