/*
 * What: how much of acquires, and of KeepAlive renewals, is left with telemetry as it is by default over telemetry
 *   off; the lesser of the two shares.
 * Why: telemetry that costs a third is switched off, and then nobody sees anything.
 * How: two seat-brokers on one Redis and one processor, one idle while the other is measured. One exports its traces,
 *   with the default share of sampled calls, to a receiver in this process; the other has no receiver.
 */
import type { Bar } from "../run/bar.ts";
import { compare, detailsOf, ratioOf, type Side } from "../run/compare.ts";
import { startTraceSink } from "../peers/trace-sink.ts";
import { keepAliveSide } from "./keep-alive-side.ts";
import { empty, IN_FLIGHT, openScene, partsOf, siteDetails } from "./scene.ts";

export const telemetryKeeps: Bar = {
  name: "telemetry-keeps",
  title: "default telemetry on against off",
  figures: ["telemetryKeeps"],
  run: async (bench) => {
    await using sink = await startTraceSink();
    const on = { settings: { SEAT_BROKER_OTLP_ENDPOINT: sink.url } };
    await using scene = await openScene(bench, { brokers: [on, {}] });
    const fleetAt = async (broker: number) => scene.load.open(await scene.parties(broker), 1);
    const acquiring = async (name: string, broker: number): Promise<Side> => {
      const fleet = await fleetAt(broker);
      return {
        name,
        parts: partsOf(scene.site, broker),
        run: (warmUpMs, ms) =>
          fleet.call("acquire", { kind: "closed", inFlight: IN_FLIGHT, warmUpMs, ms }),
        reset: () => empty(fleet),
      };
    };
    const renewing = async (name: string, broker: number) =>
      keepAliveSide(name, await fleetAt(broker), partsOf(scene.site, broker));
    const acquires = await compare(
      bench,
      await acquiring("acquire, on", 0),
      await acquiring("acquire, off", 1),
    );
    const renewals = await compare(
      bench,
      await renewing("KeepAlive, on", 0),
      await renewing("KeepAlive, off", 1),
    );
    const all = [acquires.a, acquires.b, renewals.a, renewals.b];
    const unseen = sink.exports() === 0 ? ["no trace was exported"] : [];
    return {
      figures: { telemetryKeeps: Math.min(ratioOf(acquires).ratio, ratioOf(renewals).ratio) },
      details: {
        ...siteDetails(scene.site, bench),
        "share left, acquires": ratioOf(acquires).ratio,
        "share left, renewals": ratioOf(renewals).ratio,
        "exports of traces": sink.exports(),
        ...detailsOf(acquires, ["acquire, on", "acquire, off"]),
        ...detailsOf(renewals, ["KeepAlive, on", "KeepAlive, off"]),
      },
      failures: [...all.flatMap(({ failures }) => failures), ...unseen],
    };
  },
};
