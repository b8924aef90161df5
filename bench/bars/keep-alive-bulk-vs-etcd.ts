/*
 * What: leases renewed a second on KeepAlive streams, ten a message, over etcd's lease keepalives, which go one a message.
 * Why: a process that holds several seats renews them together.
 * How: as keep-alive-vs-etcd, but for the ten.
 */
import type { Bar } from "../run/bar.ts";
import { compare, detailsOf, ratioOf } from "../run/compare.ts";
import { besideEtcd } from "./etcd-scene.ts";
import { keepAliveSide } from "./keep-alive-side.ts";
import { partsOf, siteDetails } from "./scene.ts";

const LEASES_PER_MESSAGE = 10;

export const keepAliveBulkVsEtcd: Bar = {
  name: "keep-alive-bulk-vs-etcd",
  title: "KeepAlive renewals, ten a message, against etcd's",
  figures: ["keepAliveBulkVsEtcd"],
  run: (bench) =>
    besideEtcd(bench, {}, async ({ site, etcd, ours, theirs }) => {
      const parts = partsOf(site);
      const many = { leasesPerMessage: LEASES_PER_MESSAGE };
      const comparison = await compare(
        bench,
        await keepAliveSide("KeepAlive", ours, parts, many),
        await keepAliveSide("etcd", theirs, { etcd: [etcd.pid] }),
      );
      return {
        figures: { keepAliveBulkVsEtcd: ratioOf(comparison).ratio },
        details: {
          peer: etcd.version,
          ...siteDetails(site, bench),
          ...detailsOf(comparison, ["KeepAlive", "etcd"]),
        },
        failures: [...comparison.a.failures, ...comparison.b.failures],
      };
    }),
};
