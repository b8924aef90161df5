/*
 * What: a million live seats: the share of heartbeats that are answered within 5 seconds, seats that are lost, and p99
 *   of AcquireSeat meanwhile.
 * Why: it is what the product promises at its largest, on two processors with Redis, Postgres and the load.
 * How: held-seats.ts says how they are held, by two seat-brokers, one a processor. --seats and --minutes make it smaller. Processor time and
 *   memory of each process go into charts.
 */
import type { Bar } from "../run/bar.ts";
import { failuresOf } from "../run/compare.ts";
import { heldSeatsLimitMs, keepSeats } from "./held-seats.ts";

export const million: Bar = {
  name: "million",
  title: "one million live seats",
  figures: ["millionKept", "millionLost", "millionP99Ms"],
  limitMs: heldSeatsLimitMs,
  run: async (bench) => {
    const { report, acquireP99Ms, details, charts } = await keepSeats(bench, {
      count: 2,
      at: "all",
    });
    const of = (name: string) => report.counts[name] ?? 0;
    return {
      figures: {
        millionKept: of("beatsInTime") / of("beats"),
        millionLost: of("seatsLost"),
        millionP99Ms: acquireP99Ms,
      },
      details,
      failures: failuresOf("million", report),
      charts,
    };
  },
};
