export { ambiguousLeases, fallenFences, learningWindows } from "./fences.ts";
export type { History, Told } from "./history.ts";
export { lostLiveHolders } from "./lost-holders.ts";
export { readAgents } from "./read-agent.ts";
export { shareAtCapacity, tooMany } from "./too-many.ts";
export { hostNow } from "../site/host-clock.ts";
export { type Timings, timingsOf } from "../site/timings.ts";
