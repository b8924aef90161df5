import { availableParallelism } from "node:os";
import { until } from "@leasehold/testkit";
import type { Fleet, Load } from "../load/load.ts";
import { startLoad } from "../load/load.ts";
import type { PartySpec } from "../load/party.ts";
import { type Echo, startEcho } from "../peers/echo.ts";
import type { Bench } from "../run/bar.ts";
import { failuresOf, type Parts } from "../run/compare.ts";
import { type BenchSite, openSite, type SiteOptions, type SoldPool } from "../site/bench-site.ts";

/** Machines that call, each with a connection of its own; as many connections as one worker of a server has. */
export const PARTIES = 8;
/** Calls under way at a time. */
export const IN_FLIGHT = 64;
/** Streams, leases and unanswered messages of a stream in the KeepAlive bars, on whatever side. */
export const STREAMS = 100;
export const LEASES = 10_000;
export const DEPTH = 4;
/** More seats than any round fills, the most that a license may have. */
const PLENTY = 1_000_000;
const MOST_AGENTS = 4;
/** Leases that are acquired well before a proof ends. */
const PORTION = 100_000;
const GRANTING_LIMIT_MS = 60_000;

/** A site and a load generator, ready to be measured. */
export interface Scene extends AsyncDisposable {
  readonly site: BenchSite;
  readonly load: Load;
  /** One license, with more seats than are asked for. */
  readonly pool: SoldPool;
  /** Machines of it at a seat-broker. */
  readonly parties: (broker?: number, count?: number) => Promise<readonly PartySpec[]>;
}

export async function openScene(bench: Bench, options: SiteOptions = {}): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const site = stack.use(await openSite(bench, options));
  const load = stack.use(
    await startLoad(Math.min(MOST_AGENTS, Math.max(1, availableParallelism() - 1))),
  );
  const [pool] = await site.sell(1, { seats: PLENTY });
  if (!pool) throw new Error("nothing was sold");
  await granting(load, await site.party(pool));
  const letGo = stack.move();
  return {
    site,
    load,
    pool,
    parties: (broker = 0, count = PARTIES) =>
      Promise.all(Array.from({ length: count }, () => site.party(pool, broker))),
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}

/** A Redis that is met for the first time grants nothing for a moment. */
async function granting(load: Load, party: PartySpec): Promise<void> {
  const fleet = await load.open([party], 1);
  await until("seats are granted", GRANTING_LIMIT_MS, async () => {
    const { count } = await fleet.call("acquire", { kind: "count", inFlight: 1, count: 1 });
    return count === 1 || undefined;
  });
  await empty(fleet);
  await fleet.close();
}

/** The same with an echo, and the same machines at both. */
export interface EchoScene extends Scene {
  readonly echo: Echo;
  readonly ours: Fleet;
  readonly theirs: Fleet;
}

export async function openEchoScene(bench: Bench): Promise<EchoScene> {
  await using stack = new AsyncDisposableStack();
  const scene = stack.use(await openScene(bench));
  const echo = stack.use(await startEcho(bench));
  const parties = await scene.parties();
  const ours = await scene.load.open(parties, 1);
  const theirs = await scene.load.open(
    parties.map((party) => echo.party(party)),
    1,
  );
  const letGo = stack.move();
  return { ...scene, echo, ours, theirs, [Symbol.asyncDispose]: () => letGo.disposeAsync() };
}

/**
 * Has a fleet acquire so many leases: a portion at a time, before each of which proofs are made anew.
 * @throws Error if not all are granted
 */
export async function fill(fleet: Fleet, count: number): Promise<void> {
  for (let left = count; left > 0; left -= PORTION) {
    const pace = { kind: "count", inFlight: IN_FLIGHT, count: Math.min(left, PORTION) } as const;
    const failures = failuresOf("filling", await fleet.call("acquire", pace));
    if (failures.length > 0) throw new Error(failures.join("; "));
  }
}

/** Has a fleet give back all that it holds. */
export async function empty(fleet: Fleet, most = Number.MAX_SAFE_INTEGER): Promise<void> {
  await fleet.call("release", { kind: "count", inFlight: IN_FLIGHT, count: most });
}

/** Whose processor time is told: of the seat-brokers, or one of them, and of Redis. */
export function partsOf({ pids: { brokers, redis } }: BenchSite, broker?: number): Parts {
  const own = broker === undefined ? brokers : brokers.slice(broker, broker + 1);
  return { "seat-broker": own, Redis: [redis] };
}

/** What every result says of what it ran on. */
export function siteDetails({ versions, durability }: BenchSite, { settings }: Bench) {
  return {
    ...versions,
    "Redis writes to disk": durability,
    transport: settings.tls === undefined ? "plaintext on loopback" : "TLS",
    "flags of Node": settings.nodeFlags.join(" ") || "none",
  };
}
