import {
  type Agent,
  competing,
  type Habits,
  STEADY,
  startAgent,
} from "@leasehold/robustness/agent";
import { hostNow, readAgents } from "@leasehold/robustness/checker";
import { LicensingDesk } from "@leasehold/e2e/desk";
import { unlockMachine } from "@leasehold/e2e/machine";
import { dice as diceOf, type Dice } from "@leasehold/robustness/dice";
import type { Outcome } from "@leasehold/robustness/outcome";
import { guardedFolder, until } from "@leasehold/testkit";
import { KINDS, type Version } from "../version/version.ts";
import { customerDay } from "./customer-day.ts";
import { type MixedCluster, startMixed } from "./mixed-cluster.ts";
import { countMigrations } from "./migrations.ts";
import { SEATS, TIMINGS } from "./timings.ts";
import { verdictOf } from "./verdict.ts";

/** Comes and goes every few seconds, so that there is traffic however short the rollout is. */
const BUSY: Habits = { ...competing(TIMINGS), steadyMs: 4_000 };

/** What is rolled out, over what. */
export interface RollingUpgrade {
  readonly from: Version;
  readonly to: Version;
  /** How often every replica is replaced: by `to`, back by `from`, by `to` again. */
  readonly rounds: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

/**
 * Upgrades a cluster replica by replica in an order by chance, rolls it back, and upgrades it again, while client
 * applications of both versions compete for the seats of one license, and customers come and go.
 */
export async function rollingUpgrade(rollout: RollingUpgrade): Promise<Outcome> {
  const { from, to, seed, say } = rollout;
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await guardedFolder("rolling"));
  const cluster = stack.use(await startMixed(from, [from, to]));
  say(`two of each service of ${from.name}, ${cluster.tls ? "with TLS" : "in plaintext"}`);
  const agents = await startAgents(cluster, { folder: folder.path, versions: [from, to], seed });
  const endAgents = async () => {
    await Promise.all(agents.map((agent) => agent[Symbol.asyncDispose]()));
  };
  stack.defer(endAgents);
  const before = await countMigrations(cluster.stores);
  const begin = hostNow();
  const { mishaps, ...counts } = await rollOut(cluster, rollout, folder.path, begin);
  const end = hostNow();
  const ended = agents.flatMap((agent) => agent.failure() ?? []);
  await endAgents();
  const migrations = (await countMigrations(cluster.stores)) - before;
  return verdictOf({
    told: await readAgents(agents, end),
    from: begin,
    until: end,
    figures: { ...counts, migrations },
    mishaps: [...mishaps, ...ended, ...cluster.surprises],
  });
}

/** Replaces every replica in each round. Before the first, and after each, a customer goes through a day. */
async function rollOut(
  cluster: MixedCluster,
  { from, to, rounds, seed, say }: RollingUpgrade,
  folder: string,
  begin: number,
) {
  const dice = diceOf(seed);
  const mishaps: string[] = [];
  let [turned, days] = [0, 0];
  const aDay = async () => {
    days += 1;
    const failed = (error: unknown) => void mishaps.push(String(error));
    await customerDay(cluster, { day: days, folder, dice }).catch(failed);
  };
  await aDay();
  for (let round = 1; round <= rounds; round += 1) {
    const version = round % 2 === 1 ? to : from;
    for (const name of orderOf(dice)) {
      await cluster.turn(name, version);
      turned += 1;
      say(`${seconds(begin)} s  round ${round}: ${name} is ${version.name} now`);
      await aDay();
    }
  }
  return { turned, days, mishaps };
}

function orderOf(dice: Dice): readonly string[] {
  return dice.shuffle(KINDS.flatMap((kind) => [`${kind} 1`, `${kind} 2`]));
}

/** Half of them of each version: some that keep what they have, some that come and go. */
async function startAgents(
  cluster: MixedCluster,
  options: {
    readonly folder: string;
    readonly versions: readonly Version[];
    readonly seed: number;
  },
): Promise<readonly Agent[]> {
  const { folder, versions, seed } = options;
  const of = (kind: string) => cluster.replicas().filter((replica) => replica.kind === kind);
  const seatBrokers = of("seat-broker").map(({ address }) => address);
  const addresses = {
    issuer: of("issuer")[0]?.address ?? "",
    activation: of("activation")[0]?.address ?? "",
    seatBroker: seatBrokers[0] ?? "",
    seatBrokers,
  };
  await using desk = new LicensingDesk({ ...addresses, ...cluster });
  const { validityMs, graceMs } = TIMINGS;
  const leaseTimes = { validityMs, graceMs };
  const sold = await desk.sell({ seats: SEATS, features: [], leaseTimes });
  const machine = await unlockMachine({ ...cluster, addresses }, sold, folder, "machine");
  const start = (version: Version, number: number, habits: typeof STEADY, sessions: number) =>
    startAgent({
      name: `${habits === STEADY ? "steady" : "busy"} agent of ${version.name}, ${number}`,
      folder,
      directory: machine.directory,
      program: version.agent,
      seatBrokers,
      environment: cluster.environment,
      sessions,
      habits,
      seed: seed + number,
    });
  const steady = await Promise.all(
    versions.map((version, number) => start(version, number, STEADY, 2)),
  );
  const busy = await Promise.all(
    versions.map((version, number) => start(version, 10 + number, BUSY, 4)),
  );
  await until("every seat is taken", 60_000, async () => {
    const seats = await desk.seats(sold.license.name).catch(() => []);
    return seats.length >= SEATS ? true : undefined;
  });
  return [...steady, ...busy];
}

function seconds(begin: number): string {
  return ((hostNow() - begin) / 1_000).toFixed(1).padStart(6);
}
