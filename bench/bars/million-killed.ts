/*
 * What: a million live seats, and one of two seat-brokers, at which they all are, is killed with SIGKILL halfway: the
 *   share of seats that are kept, and how many are lost.
 * Why: it is the busiest minute there is: everybody comes to the other one at once.
 * How: as million.ts. Whose stream has ended comes to the other seat-broker 200 ms later, and renews at once; if that
 *   fails, again half a second to a second later, by chance. Calls that fail while that lasts are counted, and are no failure.
 */
import type { Bar } from "../run/bar.ts";
import { failuresOf } from "../run/compare.ts";
import { heldSeatsLimitMs, keepSeats } from "./held-seats.ts";

export const millionKilled: Bar = {
  name: "million-killed",
  title: "one million live seats, and a seat-broker is killed",
  figures: ["millionKilledKept", "millionKilledLost"],
  limitMs: heldSeatsLimitMs,
  run: async (bench) => {
    const { report, seats, details, charts } = await keepSeats(
      bench,
      { count: 2, at: "first" },
      ({ site }) => {
        const [first, second] = site.brokers;
        if (!first || !second) throw new Error("there are no two seat-brokers");
        const kill = async () => {
          await new Promise((resolve) => setTimeout(resolve, bench.settings.seatsMs / 2));
          await first.kill();
        };
        return { plan: { elsewhere: second.endpoint }, done: kill() };
      },
    );
    const lost = report.counts["seatsLost"] ?? 0;
    return {
      figures: { millionKilledKept: (seats - lost) / seats, millionKilledLost: lost },
      details,
      failures: failuresOf("million-killed", report),
      charts,
    };
  },
};
