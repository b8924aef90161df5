import type { Fleet } from "../load/load.ts";
import type { Parts, Side } from "../run/compare.ts";
import { DEPTH, fill, LEASES, PARTIES, STREAMS } from "./scene.ts";

/** Fills a fleet with leases, opens streams, and lets them be renewed: the same on every side that has streams. */
export async function keepAliveSide(
  name: string,
  fleet: Fleet,
  parts: Parts,
  { leasesPerMessage = 1, parties = PARTIES } = {},
): Promise<Side> {
  await fill(fleet, LEASES);
  await fleet.openStreams(Math.ceil(STREAMS / parties));
  return {
    name,
    parts,
    run: (warmUpMs, ms) => fleet.beat({ leasesPerMessage, depth: DEPTH, warmUpMs, ms }),
  };
}
