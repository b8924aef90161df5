import { setTimeout as pause } from "node:timers/promises";
import type { ServiceName } from "@leasehold/dev-cluster";
import { until } from "@leasehold/testkit";
import type { Dice } from "../site/dice.ts";
import type { FaultProxy, ProxyMode } from "../site/fault-proxy.ts";
import type { Range } from "../agent/habits.ts";
import type { Site } from "../site/site.ts";
import { type Fault, outage, RESTART_LIMIT_MS } from "./fault.ts";

/** What befalls seat-brokers, and the ways to and from them. */
export const BROKER_FAULTS = {
  brokerKilled: { touches: "brokers", fire: killBroker },
  brokerPaused: { touches: "brokers", fire: pauseBroker },
  brokersRolled: { touches: "brokers", fire: rollBrokers },
  allBrokersKilled: { touches: "brokers", fire: killAllBrokers },
  brokerUnreachable: { touches: "brokers", fire: toOne({ kind: "blackhole" }, [500, 6_000]) },
  brokerHeldUp: { touches: "brokers", fire: toOne({ kind: "hold" }, [500, 6_000]) },
  brokerRepliesSwallowed: {
    touches: "brokers",
    fire: toOne({ kind: "swallow replies" }, [500, 6_000]),
  },
  brokersSlow: { touches: "brokers", fire: slowBrokers },
  brokerConnectionsReset: { touches: "brokers", fire: resetBrokers },
  brokersCutFromRedis: { touches: "brokers", on: ["single"], fire: cutFromRedis },
} as const satisfies Record<string, Fault>;

/** Starts a service again. A store may be away just now, so that it does not start at once. */
export async function restart({ cluster }: Site, service: ServiceName): Promise<void> {
  let failure: unknown;
  const starts = until(`${service} starts`, RESTART_LIMIT_MS, () =>
    cluster.restart(service).then(
      () => true,
      (error: unknown) => {
        failure = error;
        return undefined;
      },
    ),
  );
  await starts.catch((error: unknown) => {
    throw new Error(`${String(error)}, at last: ${String(failure)}`);
  });
}

/** Harm that only those notice who have turned to the same seat-broker. */
function partly(site: Site, what: string, harm: () => Promise<void>): Promise<void> {
  return outage(site, { what, reach: "some", after: site.timings.reconnectMs }, harm);
}

async function killBroker(site: Site, dice: Dice): Promise<void> {
  const broker = dice.pick(site.seatBrokers);
  await partly(site, `${broker} was down`, async () => {
    await site.cluster.kill(broker);
    await pause(dice.between(200, 1_500));
    await restart(site, broker);
  });
}

async function pauseBroker(site: Site, dice: Dice): Promise<void> {
  const broker = dice.pick(site.seatBrokers);
  await partly(site, `${broker} stood still`, async () => {
    site.cluster.pause(broker);
    await pause(dice.between(1_000, site.timings.spanMs + 1_000));
    site.cluster.resume(broker);
  });
}

async function rollBrokers(site: Site, dice: Dice): Promise<void> {
  for (const broker of dice.shuffle(site.seatBrokers))
    await partly(site, `${broker} was restarted`, () => restart(site, broker));
}

async function killAllBrokers(site: Site, dice: Dice): Promise<void> {
  const { timings, cluster, seatBrokers } = site;
  const what = "all seat-brokers were down";
  let restarted: readonly Promise<void>[] = [];
  await outage(site, { what, reach: "all", after: timings.reconnectMs }, async () => {
    await Promise.all(seatBrokers.map((broker) => cluster.kill(broker)));
    await pause(dice.between(0, 300));
    restarted = seatBrokers.map((broker) => restart(site, broker));
    await Promise.any(restarted);
  });
  await partly(site, "seat-brokers were down", async () => void (await Promise.all(restarted)));
}

/** Lets the way to one seat-broker misbehave. */
function toOne(mode: ProxyMode, forMs: Range): Fault["fire"] {
  return async (site, dice) => {
    const link = dice.pick(site.brokerLinks);
    await partly(site, `a seat-broker: ${mode.kind}`, () => misbehave([link], mode, dice, forMs));
  };
}

/** Slow clients: whatever they send and whatever is sent to them takes long. */
async function slowBrokers(site: Site, dice: Dice): Promise<void> {
  const mode = { kind: "delay", ms: Math.round(dice.between(100, 400)) } as const;
  await partly(site, "the ways to seat-brokers were slow", () =>
    misbehave(site.brokerLinks, mode, dice, [500, 4_000]),
  );
}

async function resetBrokers(site: Site): Promise<void> {
  await partly(site, "connections to seat-brokers were reset", async () => {
    for (const link of site.brokerLinks) link.reset();
  });
}

/** Some seat-brokers cannot reach Redis, others can, and each has its clients. */
async function cutFromRedis(site: Site, dice: Dice): Promise<void> {
  const { links } = site.redis;
  const cut = dice.shuffle(links).slice(0, dice.chance(0.5) ? 1 : links.length - 1);
  await partly(site, "seat-brokers were cut from redis", () =>
    misbehave(cut, { kind: "blackhole" }, dice, [500, 5_000]),
  );
}

/** Lets ways misbehave for a while. */
export async function misbehave(
  links: readonly FaultProxy[],
  mode: ProxyMode,
  dice: Dice,
  forMs: Range,
): Promise<void> {
  for (const link of links) link.mode = mode;
  await pause(dice.between(...forMs));
  for (const link of links) link.mode = { kind: "pass" };
}
