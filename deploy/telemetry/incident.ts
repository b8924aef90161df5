/*
 * An incident of three parts, and whether exactly those alerts fire that should, and resolve.
 *
 *   node --conditions=source deploy/telemetry/incident.ts
 *
 * A cluster of its own and a real Prometheus with our rules, every window a twentieth as long
 * (incident/shorten-rules.ts). One after the other: a pool is full and somebody asks for more; changes of licenses
 * do not get into the seat-broker's database, whose table is locked; Redis is killed and comes back. The last line is
 * { ok, figures, failures }. Where Prometheus cannot be had: NOT ASKED, exit code 1.
 */
import { openPostgres } from "@leasehold/store-kit";
import { until } from "@leasehold/testkit";
import type { Agent } from "../../e2e/agent/agent.ts";
import { openStory, type Story } from "../../e2e/site/story.ts";
import { runPrometheus, type RunningPrometheus } from "./incident/run-prometheus.ts";
import { prometheusPrograms } from "./tools/prometheus-programs.ts";

const SALE = {
  seats: 2,
  features: ["dataflow"],
  leaseTimes: { validityMs: 10_000, graceMs: 2_000 },
} as const;
/** Alerts look back: the longest shortened window is that of six hours. */
const LIMIT_MS = 240_000;

interface Part {
  readonly name: string;
  readonly expected: readonly string[];
  readonly unexpected: readonly string[];
  readonly missing: readonly string[];
  readonly resolvedAfterMs: number | undefined;
}

/** Does harm until every expected alert fired, undoes it, and waits until none fires any more. */
async function part(
  prometheus: RunningPrometheus,
  name: string,
  expected: readonly string[],
  harm: () => Promise<AsyncDisposable>,
): Promise<Part> {
  const beganAt = performance.now();
  const seen = new Set<string>();
  const look = async () => {
    const firing = await prometheus.firing();
    for (const alert of firing) seen.add(alert);
    return firing;
  };
  const harmed = await harm();
  const fired = async () => {
    await look();
    return expected.every((alert) => seen.has(alert)) ? true : undefined;
  };
  await until(`${expected.join(", ")} fire`, LIMIT_MS, fired).catch(() => undefined);
  const firedAfterMs = Math.round(performance.now() - beganAt);
  await harmed[Symbol.asyncDispose]();
  const endedAt = performance.now();
  const quiet = async () => ((await look()).length === 0 ? true : undefined);
  const resolved = await until("no alert fires", LIMIT_MS, quiet).catch(() => false);
  const resolvedAfterMs = resolved ? Math.round(performance.now() - endedAt) : undefined;
  console.log(
    `${name}: ${[...seen].join(", ") || "nothing"} fired, within ${seconds(firedAfterMs)}; ` +
      (resolvedAfterMs === undefined
        ? "not resolved"
        : `resolved after ${seconds(resolvedAfterMs)}`),
  );
  return {
    name,
    expected,
    unexpected: [...seen].filter((alert) => !expected.includes(alert)),
    missing: expected.filter((alert) => !seen.has(alert)),
    resolvedAfterMs,
  };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1_000)} s`;
}

/** Asks again and again, until it is let go. */
function again(ask: () => Promise<unknown>): AsyncDisposable {
  const over = new AbortController();
  const asking = (async () => {
    while (!over.signal.aborted) {
      await ask().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  })();
  return {
    [Symbol.asyncDispose]: async () => {
      over.abort();
      await asking;
    },
  };
}

async function lockPools({ cluster }: Story): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const options = { poolSize: 1, statementTimeoutMs: 600_000, applicationName: "incident" };
  const server = stack.use(openPostgres({ url: cluster.postgres.url, ...options }));
  const [found] = await server.query<{ readonly datname: string }>({
    text: "select datname from pg_database where datname like 'leasehold_seat_broker_%'",
  });
  const url = new URL(cluster.postgres.url);
  url.pathname = `/${found?.datname}`;
  const database = stack.use(openPostgres({ url: url.href, ...options }));
  const held = Promise.withResolvers<void>();
  const locked = Promise.withResolvers<void>();
  const session = database.session(async (open) => {
    await open.command("begin; lock table pool in share mode");
    locked.resolve();
    await held.promise;
    await open.command("rollback");
  });
  await locked.promise;
  const kept = stack.move();
  return {
    [Symbol.asyncDispose]: async () => {
      held.resolve();
      await session;
      await kept.disposeAsync();
    },
  };
}

async function parts(story: Story, prometheus: RunningPrometheus): Promise<readonly Part[]> {
  const sold = await story.desk.sell(SALE);
  const machine = await story.unlock(sold, "mill");
  const holders: readonly Agent[] = [
    await story.startAgent(machine),
    await story.startAgent(machine),
  ];
  const late = await story.startAgent(machine);
  for (const agent of holders) await agent.acquire("ada");
  const full = await part(prometheus, "a full pool", ["LeaseholdPoolFull"], () =>
    Promise.resolve(again(() => late.acquire("luigi"))),
  );
  const behind = ["LeaseholdFeedBehind", "LeaseholdLiveChangeDelay"];
  const lag = await part(prometheus, "watch lag", behind, async () => {
    const lock = await lockPools(story);
    await story.desk.amend(sold.license.name, { ...SALE, seats: 3 }, ["seats"]);
    return lock;
  });
  const { redis } = story.cluster;
  if (redis.kind === "given") throw new Error("a given Redis is not killed: unset REDIS_URL");
  const lost = ["LeaseholdGrantAvailability", "LeaseholdPoolsLostData", "LeaseholdStoreDown"];
  const away = await part(prometheus, "Redis restarts", lost, async () => {
    await redis.kill();
    const asking = again(() => late.acquire("luigi"));
    await until("the store is missed", LIMIT_MS, async () =>
      (await prometheus.firing()).includes("LeaseholdStoreDown") ? true : undefined,
    );
    await redis.restart();
    return asking;
  });
  return [full, lag, away];
}

const programs = await prometheusPrograms();
if (!programs) {
  console.log("NOT ASKED: there is no Prometheus, and none could be fetched");
  process.exitCode = 1;
} else {
  await using story = await openStory({ fence: "1s" });
  const targets = Array.from(
    story.cluster.metricsUrls,
    ([name, url]) => [name, new URL(url).host] as const,
  );
  await using prometheus = await runPrometheus(programs, new Map(targets));
  const told = await parts(story, prometheus);
  const failures = told.flatMap(({ name, missing, unexpected, resolvedAfterMs }) => [
    ...missing.map((alert) => `${name}: ${alert} did not fire`),
    ...unexpected.map((alert) => `${name}: ${alert} fired`),
    ...(resolvedAfterMs === undefined ? [`${name}: not all alerts resolved`] : []),
  ]);
  const ok = failures.length === 0;
  process.exitCode = ok ? 0 : 1;
  const figures = {
    parts: told.length,
    expected: told.flatMap((one) => one.expected).length,
    missing: told.flatMap((one) => one.missing).length,
    unexpected: told.flatMap((one) => one.unexpected).length,
  };
  console.log(JSON.stringify({ ok, figures, failures }));
}
