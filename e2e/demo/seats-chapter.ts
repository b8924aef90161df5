import { seatBroker } from "@leasehold/contracts";
import { until } from "@leasehold/testkit";
import { Agent } from "../agent/agent.ts";
import { CarelessClient } from "../site/careless-client.ts";
import type { Machine } from "../site/machine.ts";
import type { Cast, Stage } from "./stage.ts";

/** Longest that anything may take here; what is promised is far below. */
const LIMIT_MS = 20_000;
const USERS = ["ada", "charles", "mary", "luigi"] as const;

/** J3: three seats, four clients; one crashes, one falls asleep. */
export async function seatsChapter(stage: Stage, machines: readonly Machine[]): Promise<Cast> {
  const { narrator, cluster, stack } = stage;
  narrator.chapter("Three seats, four clients");
  const start = async (machine: Machine | undefined) =>
    stack.use(
      await Agent.start(
        machine?.directory ?? "",
        cluster.addresses.seatBrokers,
        cluster.environment,
      ),
    );
  const [first, second, third, fourth] = await Promise.all([
    start(machines[0]),
    start(machines[1]),
    start(machines[2]),
    start(machines[3]),
  ]);
  await threeWork(stage, [first, second, third, fourth]);
  await oneWaits(stage, first, fourth);
  await oneCrashes(stage, second, fourth);
  const replacement = await start(machines[1]);
  await oneFallsAsleep(stage, third, replacement);
  await oneIsLate(stage, machines[1], fourth);
  return { machines, agents: [first, replacement, third, fourth] };
}

async function threeWork({ narrator, desk, sold }: Stage, agents: Cast["agents"]): Promise<void> {
  const [first, second, third, fourth] = agents;
  for (const [index, agent] of [first, second, third].entries()) {
    const user = USERS[index] ?? "";
    const outcome = await agent.acquire(user);
    narrator.check(`${user} works (process ${agent.pid})`, outcome.kind === "acquired", outcome);
  }
  const refused = await fourth.acquire(USERS[3]);
  const noSeats = refused.kind === "refused" && refused.reason === "NO_SEATS";
  narrator.check("the fourth is refused: every seat is taken", noSeats, refused);
  const wait = refused.kind === "refused" ? refused.retryAfterMs : undefined;
  narrator.check(`it is told when to try again: in ${wait} ms`, (wait ?? 0) > 0, refused);
  const users = (await desk.seats(sold.license.name)).map(({ holder }) => holder?.user);
  const expected = USERS.slice(0, 3).toSorted().join();
  narrator.check(
    "the licensing desk sees who holds them",
    users.toSorted((a = "", b = "") => a.localeCompare(b)).join() === expected,
    users,
  );
}

async function oneWaits({ narrator }: Stage, leaving: Agent, waiting: Agent): Promise<void> {
  narrator.chapter("A client waits in the queue");
  const turn = waiting.acquire(USERS[3], { wait: true });
  const { ahead } = await waiting.told("position");
  narrator.check("the fourth waits: nobody is ahead of it", ahead === 0, ahead);
  const before = performance.now();
  await leaving.release();
  const outcome = await turn;
  const ms = Math.round(performance.now() - before);
  narrator.check(
    `a seat is given back, and it works ${ms} ms later`,
    outcome.kind === "acquired",
    outcome,
  );
  await waiting.release();
  const back = await leaving.acquire(USERS[0]);
  narrator.check("they change places again", back.kind === "acquired", back);
}

async function oneCrashes(
  { narrator, desk, sold }: Stage,
  victim: Agent,
  waiting: Agent,
): Promise<void> {
  narrator.chapter("A client is killed with kill -9");
  const before = performance.now();
  const highest = (await desk.seats(sold.license.name))
    .map(({ fencingToken }) => fencingToken)
    .reduce((a, b) => (a > b ? a : b), 0n);
  await victim.kill();
  const fence = await takeSeat(waiting, USERS[3]);
  const seconds = ((performance.now() - before) / 1_000).toFixed(1);
  narrator.check(`its seat came back by itself, and the fourth works ${seconds} s later`, true);
  narrator.check(
    `with a fencing token above those before it (${fence})`,
    fence > highest,
    String(fence),
  );
}

async function oneFallsAsleep({ narrator }: Stage, sleeper: Agent, next: Agent): Promise<void> {
  narrator.chapter("A client falls asleep and comes back late");
  const from = sleeper.reports.length;
  sleeper.pause();
  await takeSeat(next, "charles");
  narrator.check("while it sleeps its seat runs out, and another client gets it", true);
  sleeper.resume();
  const { cause } = await sleeper.told("lost", from);
  narrator.check(`awake, it is told that its seat is gone (${cause})`, true);
  const { held } = await sleeper.look();
  narrator.check("it does not hold the seat any more", !held);
  const again = await sleeper.acquire("mary");
  const competes = again.kind === "refused" && again.reason === "NO_SEATS";
  narrator.check("it has to compete again, like everybody else", competes, again);
}

/** Not even a client that keeps no rule revives a lease. */
async function oneIsLate(
  { narrator, cluster }: Stage,
  machine: Machine | undefined,
  makesRoom: Agent,
): Promise<void> {
  narrator.chapter("A client that keeps no rule");
  if (machine === undefined) return;
  await using careless = new CarelessClient(
    machine.installation,
    cluster.connect(cluster.addresses.seatBroker),
  );
  await makesRoom.release();
  const lease = await careless.acquire(careless.newLeaseId());
  const inTime = await careless.beat(lease);
  const { RENEWED, EXPIRED } = seatBroker.RenewalOutcome;
  narrator.check("a heartbeat in time renews its lease", inTime === RENEWED, inTime);
  await takeSeat(makesRoom, USERS[3]);
  const late = await careless.beat(lease);
  narrator.check("a late heartbeat is refused: the lease is not revived", late === EXPIRED, late);
}

async function takeSeat(agent: Agent, user: string): Promise<bigint> {
  return until(`${user} gets a seat`, LIMIT_MS, async () => {
    const outcome = await agent.acquire(user);
    return outcome.kind === "acquired" ? BigInt(outcome.fencingToken) : undefined;
  });
}
