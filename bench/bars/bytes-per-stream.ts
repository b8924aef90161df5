/*
 * What: memory that a seat-broker takes for an idle KeepAlive stream.
 * Why: it decides how many clients a seat-broker can have.
 * How: 10,000 streams on 1,000 connections, each connection a machine of its own; resident memory after, less that
 *   before, by their number. Garbage that was not collected counts along.
 */
import type { Bar } from "../run/bar.ts";
import { rounded } from "../run/compare.ts";
import { memoryOf } from "../site/process-costs.ts";
import { openScene, siteDetails } from "./scene.ts";

const STREAMS_EACH = 10;
const SETTLE_MS = 5_000;

export const bytesPerStream: Bar = {
  name: "bytes-per-stream",
  title: "memory of a seat-broker for an idle stream",
  figures: ["bytesPerStream"],
  run: async (bench) => {
    await using scene = await openScene(bench);
    const { site, load } = scene;
    const connections = bench.settings.quick ? 100 : 1_000;
    const [pid = 0] = site.pids.brokers;
    const before = await memoryOf(pid);
    const fleet = await load.open(await scene.parties(0, connections), 1);
    const { count } = await fleet.openStreams(STREAMS_EACH);
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const after = await memoryOf(pid);
    return {
      figures: { bytesPerStream: rounded((after - before) / count) },
      details: {
        ...siteDetails(site, bench),
        streams: count,
        connections,
        "resident before": before,
        "resident after": after,
      },
      failures: [],
    };
  },
};
