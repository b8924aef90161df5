/*
 * What: AcquireSeat a second over etcd's LeaseGrant, both on disk before they are answered.
 * Why: a grant is what either must not forget.
 * How: Redis with `appendfsync always` against a single member of etcd with fsync on; 64 calls under way over 8 connections;
 *   all leases are given back after each round (not measured).
 */
import type { Fleet } from "../load/load.ts";
import type { Bar } from "../run/bar.ts";
import { compare, detailsOf, ratioOf, type Parts, type Side } from "../run/compare.ts";
import { besideEtcd } from "./etcd-scene.ts";
import { empty, IN_FLIGHT, partsOf, siteDetails } from "./scene.ts";

export const acquireVsEtcd: Bar = {
  name: "acquire-vs-etcd",
  title: "AcquireSeat against etcd's lease grant, both on disk",
  figures: ["acquireVsEtcd"],
  run: (bench) =>
    besideEtcd(bench, { durability: "always" }, async ({ site, etcd, ours, theirs }) => {
      const side = (name: string, fleet: Fleet, parts: Parts): Side => ({
        name,
        parts,
        run: (warmUpMs, ms) =>
          fleet.call("acquire", { kind: "closed", inFlight: IN_FLIGHT, warmUpMs, ms }),
        reset: () => empty(fleet),
      });
      const parts = partsOf(site);
      const comparison = await compare(
        bench,
        side("AcquireSeat", ours, parts),
        side("etcd", theirs, { etcd: [etcd.pid] }),
      );
      return {
        figures: { acquireVsEtcd: ratioOf(comparison).ratio },
        details: {
          peer: etcd.version,
          ...siteDetails(site, bench),
          ...detailsOf(comparison, ["AcquireSeat", "etcd"]),
        },
        failures: [...comparison.a.failures, ...comparison.b.failures],
      };
    }),
};
