/*
 * What: unary RenewSeats of one lease a second, over a plain grpc-js + ts-proto echo of the same messages.
 * Why: what a client without streams costs beyond its transport.
 * How: 10,000 live leases of one license at 8 machines, renewed in turn; 64 calls under way.
 */
import type { Bar } from "../run/bar.ts";
import { compare, detailsOf, ratioOf, type Parts, type Side } from "../run/compare.ts";
import { fill, IN_FLIGHT, LEASES, openEchoScene, partsOf, siteDetails } from "./scene.ts";

export const renewVsEcho: Bar = {
  name: "renew-vs-echo",
  title: "unary RenewSeats against an echo of the same messages",
  figures: ["renewVsEcho"],
  run: async (bench) => {
    await using scene = await openEchoScene(bench);
    const side = (name: string, fleet: typeof scene.ours, parts: Parts): Side => ({
      name,
      parts,
      run: (warmUpMs, ms) =>
        fleet.call("renew", { kind: "closed", inFlight: IN_FLIGHT, warmUpMs, ms }),
    });
    await fill(scene.ours, LEASES);
    await fill(scene.theirs, LEASES);
    const parts = partsOf(scene.site);
    const comparison = await compare(
      bench,
      side("RenewSeats", scene.ours, parts),
      side("echo", scene.theirs, { echo: [scene.echo.pid] }),
    );
    return {
      figures: { renewVsEcho: ratioOf(comparison).ratio },
      details: {
        ...siteDetails(scene.site, bench),
        ...detailsOf(comparison, ["RenewSeats", "echo"]),
      },
      failures: [...comparison.a.failures, ...comparison.b.failures],
    };
  },
};
