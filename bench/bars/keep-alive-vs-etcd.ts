/*
 * What: leases renewed a second on KeepAlive streams, one a message, over etcd's lease keepalives.
 * Why: etcd is what many build leases on.
 * How: a single member of etcd with fsync on, as it comes; 10,000 leases on both sides, for its speed depends on their
 *   number, on some 100 streams over 8 connections, 4 unanswered messages on each; the same load generator. Our side
 *   verifies who renews, etcd's does not. Neither writes a renewal to disk.
 */
import type { Bar } from "../run/bar.ts";
import { compare, detailsOf, ratioOf } from "../run/compare.ts";
import { besideEtcd } from "./etcd-scene.ts";
import { keepAliveSide } from "./keep-alive-side.ts";
import { partsOf, siteDetails } from "./scene.ts";

export const keepAliveVsEtcd: Bar = {
  name: "keep-alive-vs-etcd",
  title: "KeepAlive renewals against etcd's",
  figures: ["keepAliveVsEtcd"],
  run: (bench) =>
    besideEtcd(bench, {}, async ({ site, etcd, ours, theirs }) => {
      const parts = partsOf(site);
      const comparison = await compare(
        bench,
        await keepAliveSide("KeepAlive", ours, parts),
        await keepAliveSide("etcd", theirs, { etcd: [etcd.pid] }),
      );
      return {
        figures: { keepAliveVsEtcd: ratioOf(comparison).ratio },
        details: {
          peer: etcd.version,
          ...siteDetails(site, bench),
          ...detailsOf(comparison, ["KeepAlive", "etcd"]),
        },
        failures: [...comparison.a.failures, ...comparison.b.failures],
      };
    }),
};
