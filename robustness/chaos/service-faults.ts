import { setTimeout as pause } from "node:timers/promises";
import { until } from "@leasehold/testkit";
import type { Dice } from "../site/dice.ts";
import { hostNow } from "../site/host-clock.ts";
import { watchPool } from "../site/pool-watch.ts";
import type { Site } from "../site/site.ts";
import { misbehave, restart } from "./broker-faults.ts";
import { type Fault, outage, RESTART_LIMIT_MS } from "./fault.ts";

/** What befalls the other services and Postgres, and what their users do. */
export const SERVICE_FAULTS = {
  postgresKilled: { touches: "postgres", fire: killPostgres },
  postgresPaused: { touches: "postgres", fire: pausePostgres },
  issuerKilled: { touches: "desk", fire: (site, dice) => killService(site, dice, "issuer") },
  activationKilled: {
    touches: "desk",
    fire: (site, dice) => killService(site, dice, "activation"),
  },
  capacityLowered: { touches: "desk", fire: (site, dice) => resize(site, dice, -1) },
  capacityRaised: { touches: "desk", fire: (site, dice) => resize(site, dice, 1) },
} as const satisfies Record<string, Fault>;

async function killPostgres(site: Site, dice: Dice): Promise<void> {
  await withoutPostgres(site, async () => {
    await site.postgres.kill();
    await pause(dice.between(200, 2_500));
    await site.postgres.restart();
  });
}

async function pausePostgres(site: Site, dice: Dice): Promise<void> {
  await withoutPostgres(site, () =>
    misbehave([site.postgresLink], { kind: "hold" }, dice, [500, 3_000]),
  );
}

/** Those in the middle of a recovery have to wait for it. */
function withoutPostgres(site: Site, harm: () => Promise<void>): Promise<void> {
  const after = site.timings.reconnectMs;
  return outage(site, { what: "postgres was away", reach: "some", after }, harm);
}

async function killService(
  site: Site,
  dice: Dice,
  service: "issuer" | "activation",
): Promise<void> {
  await site.cluster.kill(service);
  await pause(dice.between(200, 2_000));
  await restart(site, service);
}

/** Amends the license, and amends it back a while later. */
async function resize(site: Site, dice: Dice, direction: 1 | -1): Promise<void> {
  const seats = site.chronicle.capacities.at(-1)?.seats ?? 0;
  await apply(site, seats + Math.round(dice.between(1, 3)) * direction);
  await pause(dice.between(1_000, site.timings.spanMs));
  await apply(site, seats);
}

async function apply(site: Site, seats: number): Promise<void> {
  const { capacities } = site.chronicle;
  const before = capacities.at(-1);
  capacities.push({ seats, from: hostNow(), until: Number.POSITIVE_INFINITY });
  const revision = await until("the license is amended", RESTART_LIMIT_MS, () =>
    site.resize(seats).catch(() => undefined),
  );
  await using pool = watchPool(site);
  await until("the license is applied", RESTART_LIMIT_MS, async () => {
    const looked = (await pool.look())?.pool;
    return looked && looked.revision >= revision ? true : undefined;
  });
  if (before) before.until = hostNow();
}
