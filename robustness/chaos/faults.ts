import type { Site } from "../site/site.ts";
import { AGENT_FAULTS } from "./agent-faults.ts";
import { BROKER_FAULTS } from "./broker-faults.ts";
import { FAILOVER_FAULTS } from "./failover-faults.ts";
import type { Fault } from "./fault.ts";
import { REDIS_FAULTS } from "./redis-faults.ts";
import { SERVICE_FAULTS } from "./service-faults.ts";

const TABLE = {
  ...REDIS_FAULTS,
  ...FAILOVER_FAULTS,
  ...BROKER_FAULTS,
  ...AGENT_FAULTS,
  ...SERVICE_FAULTS,
};

export type FaultName = keyof typeof TABLE;

/** All that can go wrong. */
export const FAULTS: Readonly<Record<FaultName, Fault>> = TABLE;

export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];

/** Whether a fault belongs to a site, as it is set up. */
export function belongsTo(name: FaultName, { redis }: Site): boolean {
  const { on } = FAULTS[name];
  return on === undefined || on.includes(redis.topology);
}

/** Whether this machine lets it happen. */
export function isPossible(name: FaultName, site: Site): boolean {
  return FAULTS[name].isPossible?.(site) ?? true;
}
