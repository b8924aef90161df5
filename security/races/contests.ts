import type { Arena, Contest } from "./arena.ts";
import { lastActivation, lastSeat, lastSlot } from "./last-place.ts";
import { challenge, invitation, offlineFile, requestIds } from "./single-use.ts";

/** Every contest there is, ready to begin. */
export async function contests(arena: Arena): Promise<readonly Contest[]> {
  return [
    ...requestIds(arena),
    challenge(arena),
    await lastSeat(arena),
    await lastActivation(arena),
    await lastSlot(arena),
    offlineFile(arena),
    await invitation(arena),
  ];
}
