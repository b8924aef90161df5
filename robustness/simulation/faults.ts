import type { Dice } from "./dice.ts";
import { FAIR } from "./network.ts";
import { EVERYBODY } from "./troubles.ts";
import type { BrokerSite, World } from "./world.ts";
import type { RedisNode } from "./redis-node.ts";

/** Brings something out of order, and sees to it that it is in order again. @returns what, for the history */
export type Fault = (world: World, dice: Dice) => string | Promise<string>;

/** What may go wrong. All lengths are in proportion to the validity. */
export const FAULTS = {
  "broker-killed": (world, dice) => {
    const site = dice.pick(world.brokers);
    const ms = dice.between(0.02, 1) * world.setting.validityMs;
    site.running.process.kill();
    trouble(world, site.name, ms, () => world.restartBroker(site));
    return `${site.name} for ${seconds(ms)}`;
  },
  "broker-stopped": (world, dice) => {
    const { name, running } = dice.pick(world.brokers);
    const ms = dice.between(0.05, 1.5) * world.setting.validityMs;
    running.process.stop();
    trouble(world, name, ms, () => running.process.goOn());
    return `${name} for ${seconds(ms)}`;
  },
  "broker-cut-off": (world, dice) => {
    const { name, node } = dice.pick(world.brokers);
    const ms = dice.between(0.05, 1) * world.setting.validityMs;
    const other = dice.pick([undefined, node.name]);
    trouble(world, name, ms, world.network.cut(name, other));
    return `${name} from ${other ?? "all"} for ${seconds(ms)}`;
  },
  "client-killed": (world, dice) => {
    const index = Math.floor(dice.between(0, world.applications.length));
    const app = world.applications[index];
    if (!app?.process.isUp) return "nobody";
    app.process.kill();
    world.checker.forget(app);
    const ms = dice.between(0, 1) * world.setting.validityMs;
    trouble(world, app.process.name, ms, () => world.addApplication(index + 1));
    return app.process.name;
  },
  "client-stopped": (world, dice) => {
    const { process } = dice.pick(world.applications);
    const ms = dice.between(0.1, 2.5) * world.setting.validityMs;
    const asleep = dice.happens(0.5);
    if (asleep) process.fallAsleep();
    else process.stop();
    trouble(world, process.name, ms, () => process.goOn());
    return `${process.name} ${asleep ? "asleep " : ""}for ${seconds(ms)}`;
  },
  "client-cut-off": (world, dice) => {
    const { name } = dice.pick(world.applications).process;
    const ms = dice.between(0.1, 2.5) * world.setting.validityMs;
    trouble(world, name, ms, world.network.cut(name, undefined));
    return `${name} for ${seconds(ms)}`;
  },
  "client-line-fails": (world, dice) => {
    const holders = world.applications.filter((app) => app.holds);
    const { name } = dice.pick(holders.length > 0 ? holders : world.applications).process;
    const { validityMs } = world.setting;
    // Later ones are not waited for: another seat-broker is asked.
    const late = dice.between(0.1, 0.25) * validityMs;
    const ms = dice.between(0.3, 1) * validityMs;
    const heal = world.network.delay(name, late);
    const over = world.troubles.begin(name);
    world.time.in(ms, () => {
      heal();
      trouble(world, name, dice.between(0.5, 3) * validityMs, world.network.cut(name, undefined));
      over(late);
    });
    return `${name}: answers come ${seconds(late)} late, and after ${seconds(ms)} none`;
  },
  storm: (world, dice) => {
    const ms = dice.between(0.2, 2) * world.setting.validityMs;
    const lost = dice.pick([0, 0.05, 0.3]);
    const slowMs = dice.between(0.02, 1.2) * world.setting.validityMs;
    world.network.weather = { lost, doubled: 0.2, slow: dice.pick([0.05, 0.4]), slowMs };
    trouble(world, EVERYBODY, ms + slowMs, () => undefined);
    world.time.in(ms, () => void (world.network.weather = FAIR));
    return `for ${seconds(ms)}, ${lost * 100} % lost, late by up to ${seconds(slowMs)}`;
  },
  "redis-flushed": async (world) => {
    await world.primary.flush();
    trouble(world, EVERYBODY, world.setting.fenceMs, () => undefined);
    return world.primary.name;
  },
  "key-lost": async (world, dice) => {
    const keys = await world.primary.keys();
    if (keys.length === 0) return "there is none";
    const key = dice.pick(keys);
    await world.primary.lose(key);
    trouble(world, EVERYBODY, world.setting.fenceMs, () => undefined);
    return key.slice(key.lastIndexOf(":"));
  },
  "redis-restarted": async (world, dice) => {
    const what = await restart(world, dice);
    if (!dice.happens(0.3)) return what;
    const again = dice.between(0.1, 1) * (world.setting.validityMs + world.setting.fenceMs);
    world.time.in(again, async () => {
      world.fault("redis-restarted-again", await restart(world, dice));
    });
    return `${what}, and again in ${seconds(again)}`;
  },
  "redis-failed-over": failOver,
  "clock-stepped": (world, dice) => {
    const { primary, setting } = world;
    const step = dice.pick([-1, 1]) * dice.between(200, 2 * setting.validityMs);
    primary.clockOffset += step;
    trouble(world, EVERYBODY, 2_000, () => undefined);
    if (!dice.happens(0.5)) return `by ${seconds(step)}`;
    const back = dice.pick([dice.between(500, 3_000), dice.between(3_000, setting.validityMs)]);
    trouble(world, EVERYBODY, back + 2_000, () => undefined);
    world.time.in(back, () => void (primary.clockOffset -= step));
    return `by ${seconds(step)}, and back in ${seconds(back)}`;
  },
  "postgres-away": (world, dice) => {
    const ms = dice.between(0.1, 1.5) * world.setting.validityMs;
    const flaky = dice.happens(0.5);
    if (flaky) world.postgres.failures = 50;
    else world.postgres.isUp = false;
    trouble(world, EVERYBODY, ms, () => {
      world.postgres.failures = 0;
      world.postgres.isUp = true;
    });
    return `${flaky ? "half of the calls " : ""}for ${seconds(ms)}`;
  },
  "terms-changed": (world, dice) => {
    const { newest } = world.entitlements;
    const seats = dice.pick([1, 2, 3, 4]);
    const suspended = dice.happens(0.2);
    const { policy } = newest.terms;
    const terms = {
      ...newest.terms,
      seats,
      policy: { ...policy, overdraft: dice.pick([0, 0, 1]) },
    };
    const state = suspended ? "SUSPENDED" : "ACTIVE";
    world.entitlements.change({ ...newest, revision: newest.revision + 1n, state, terms });
    trouble(world, EVERYBODY, 2_000, () => undefined);
    if (suspended)
      world.time.in(dice.between(1_000, world.setting.validityMs), () => {
        const { newest: last } = world.entitlements;
        world.entitlements.change({ ...last, revision: last.revision + 1n, state: "ACTIVE" });
        trouble(world, EVERYBODY, 2_000, () => undefined);
      });
    return `${seats} seats${suspended ? ", suspended" : ""}`;
  },
} as const satisfies Record<string, Fault>;

export type FaultKind = keyof typeof FAULTS;

/** One at a time: a primary that is not there cannot be followed by another one. */
async function restart(world: World, dice: Dice): Promise<string> {
  const { primary, setting } = world;
  if (world.isRedisChanging) return "not now";
  world.isRedisChanging = true;
  const away = dice.between(0.01, 0.5) * setting.validityMs;
  const older = await primary.snapshot();
  primary.isUp = false;
  const data = dice.pick(["kept", "of a while ago", "lost"] as const);
  const end = world.troubles.begin(EVERYBODY);
  const from = world.snapshot ?? older;
  world.time.in(away, async () => {
    if (data === "lost") await primary.flush();
    if (data === "of a while ago") await primary.restore(from);
    if (from !== older) await primary.dropSnapshot(older);
    primary.incarnation = world.newIncarnation();
    primary.isUp = true;
    world.isRedisChanging = false;
    reconnect(world, dice, primary, 1_000);
    end(setting.fenceMs + 1_500);
  });
  return `data ${data}, back in ${seconds(away)}`;
}

/**
 * A replica takes over while the old primary goes on for those who do not know yet, until it
 * notices that nobody follows it any more: at most 2 s less than the fence after it was cut off.
 */
async function failOver(world: World, dice: Dice): Promise<string> {
  const { primary: old, setting } = world;
  if (world.isRedisChanging) return "not now";
  world.isRedisChanging = true;
  const data = await old.snapshot();
  const promotion = dice.between(0, 0.4) * setting.validityMs;
  const goesOn = dice.between(0, 1) * (setting.fenceMs - 2_000);
  const clock = old.clockOffset + dice.pick([0, dice.between(-5_000, 5_000)]);
  const end = world.troubles.begin(EVERYBODY);
  world.time.in(goesOn, () => void (old.isUp = false));
  world.time.in(Math.max(promotion, goesOn), () => void (world.isRedisChanging = false));
  world.time.in(promotion, async () => {
    const taken = world.addNode();
    taken.clockOffset = clock;
    await taken.restore(data);
    await taken.dropSnapshot(data);
    reconnect(world, dice, taken, goesOn + 1_000);
    end(goesOn + 1_000 + setting.fenceMs + 1_500);
  });
  return `promotion in ${seconds(promotion)}, the old primary goes on for ${seconds(goesOn)}`;
}

function reconnect(world: World, dice: Dice, node: RedisNode, within: number): void {
  for (const site of world.brokers)
    world.time.in(dice.between(0, within), () => connectTo(world, site, node));
}

function connectTo(world: World, site: BrokerSite, node: RedisNode): void {
  // It may have been overtaken by a later failover.
  if (node === world.primary) world.connect(site, node);
}

function trouble(world: World, scope: string, ms: number, end: () => void): void {
  const over = world.troubles.begin(scope);
  world.time.in(ms, () => {
    end();
    over(0);
  });
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
