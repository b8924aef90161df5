import type { Clock } from "@leasehold/kernel";
import { licenseNotFound } from "../domain/seat-problems.ts";
import type { AdministrationStore } from "./administration-ports.ts";
import type { BrokerEvents, SeatStore } from "./ports.ts";
import type { PoolStore } from "./pool-ports.ts";
import { readNamedLicense } from "./read-license.ts";

export interface DrainPoolPorts {
  readonly seats: Pick<SeatStore, "readTerms" | "drain">;
  readonly pools: Pick<PoolStore, "read">;
  readonly administration: Pick<AdministrationStore, "drain">;
  readonly clock: Pick<Clock, "now">;
  readonly events: Pick<BrokerEvents, "drainChanged">;
}

/**
 * Drains a pool, or resumes it. What Postgres has is what the pool is set up by, so it comes first.
 * May be repeated.
 * @throws Problem NOT_FOUND if there is no license of this name; DEPENDENCY_UNAVAILABLE
 */
export async function drainPool(
  ports: DrainPoolPorts,
  request: { readonly name: string; readonly drained: boolean; readonly subject: string },
): Promise<void> {
  const { seats, pools, administration, clock, events } = ports;
  const { name, drained, subject } = request;
  const { license } = await readNamedLicense(ports, name);
  const change = { license, drained, subject, time: clock.now() };
  if (await administration.drain(change)) events.drainChanged(change);
  const kept = await pools.read(license);
  if (!kept) throw licenseNotFound();
  await seats.drain(license, kept.drain);
}
