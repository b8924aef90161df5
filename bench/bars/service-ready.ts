/*
 * What: from the start of a seat-broker's process until its health says that it serves; median.
 * Why: what a rollout, or a replacement after a crash, has to wait for.
 * How: the built program, as images have it, on stores that are set up; health is asked for every 20 ms.
 */
import type { Bar } from "../run/bar.ts";
import { outcomeOfTimes } from "../run/times.ts";
import { openSite } from "../site/bench-site.ts";
import { build } from "../site/built.ts";
import { startBroker } from "../site/seat-broker.ts";

export const serviceReady: Bar = {
  name: "service-ready",
  title: "start of a seat-broker",
  figures: ["serviceReadyMs"],
  run: async (bench) => {
    await build();
    await using site = await openSite(bench);
    const times: number[] = [];
    for (let run = 0; run < bench.settings.rounds; run += 1) {
      await using broker = await startBroker(bench, site.stores, { isBuilt: true });
      times.push(broker.readyMs);
    }
    return outcomeOfTimes("serviceReadyMs", times, site.versions);
  },
};
