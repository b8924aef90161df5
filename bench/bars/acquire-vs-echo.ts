/*
 * What: AcquireSeat a second, over a plain grpc-js + ts-proto echo of the same messages.
 * Why: the echo is what the transport costs by itself; the rest is ours (guard, authentication, Redis, token, ledger).
 * How: 64 calls under way over 8 connections, each a machine of its own with its certificate and proof; one license,
 *   every call a new lease, all given back after each round (not measured). Both servers on the same processor, one
 *   of them idle.
 */
import type { Bar } from "../run/bar.ts";
import { compare, detailsOf, ratioOf, type Parts, type Side } from "../run/compare.ts";
import { empty, IN_FLIGHT, openEchoScene, partsOf, siteDetails } from "./scene.ts";

export const acquireVsEcho: Bar = {
  name: "acquire-vs-echo",
  title: "AcquireSeat against an echo of the same messages",
  figures: ["acquireVsEcho"],
  run: async (bench) => {
    await using scene = await openEchoScene(bench);
    const side = (name: string, fleet: typeof scene.ours, parts: Parts): Side => ({
      name,
      parts,
      run: (warmUpMs, ms) =>
        fleet.call("acquire", { kind: "closed", inFlight: IN_FLIGHT, warmUpMs, ms }),
      reset: () => empty(fleet),
    });
    const parts = partsOf(scene.site);
    const comparison = await compare(
      bench,
      side("AcquireSeat", scene.ours, parts),
      side("echo", scene.theirs, { echo: [scene.echo.pid] }),
    );
    return {
      figures: { acquireVsEcho: ratioOf(comparison).ratio },
      details: {
        ...siteDetails(scene.site, bench),
        ...detailsOf(comparison, ["AcquireSeat", "echo"]),
      },
      failures: [...comparison.a.failures, ...comparison.b.failures],
    };
  },
};
