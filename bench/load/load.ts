import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { AgentAnswer } from "./agent.ts";
import { Histogram } from "./histogram.ts";
import type { CallPace, Order, RenewAllPace, Report, SeatsPlan, StreamPace } from "./orders.ts";
import type { PartySpec } from "./party.ts";
import type { CallMethod } from "./protocol.ts";

const AGENT = fileURLToPath(new URL("./agent.ts", import.meta.url));

/** Clients of one server, spread over the agents. */
export interface Fleet {
  call(method: CallMethod, pace: CallPace): Promise<Report>;
  /** Opens streams, and deals the leases of each party out to its own. */
  openStreams(perParty: number): Promise<Report>;
  beat(pace: StreamPace): Promise<Report>;
  /** Has every lease renewed once, however often that has to be tried. */
  renewAll(pace: RenewAllPace): Promise<Report>;
  keep(plan: SeatsPlan): Promise<Report>;
  close(): Promise<void>;
}

/** The load generator: processes of its own, which share no event loop with anything that is measured. */
export interface Load extends AsyncDisposable {
  readonly pids: readonly number[];
  /** @param connections of each party */
  open(parties: readonly PartySpec[], connections: number): Promise<Fleet>;
}

/** @param agents how many processes */
export async function startLoad(agents: number): Promise<Load> {
  const children = Array.from({ length: agents }, () =>
    fork(AGENT, [], {
      // Room for the leases of a million seats and the messages that renew them.
      execArgv: ["--conditions=source", "--max-semi-space-size=32", "--max-old-space-size=6144"],
      serialization: "advanced",
    }),
  );
  const lines = children.map((child) => lineTo(child));
  let fleets = 0;
  return {
    pids: children.map(({ pid }) => pid ?? 0),
    open: async (parties, connections) => {
      const fleet = `fleet-${(fleets += 1)}`;
      const shares = dealt(parties, lines.length);
      const used = lines.slice(0, shares.length);
      const tell = async (orderOf: (share: number) => Order) =>
        merged(await Promise.all(used.map((line, share) => line(orderOf(share)))));
      await tell((share) => ({ kind: "open", fleet, connections, parties: shares[share] ?? [] }));
      return {
        call: (method, pace) =>
          tell((share) => ({
            kind: "call",
            fleet,
            method,
            pace: shareOf(pace, used.length, share),
          })),
        openStreams: (perParty) => tell(() => ({ kind: "streams", fleet, perParty })),
        beat: (pace) => tell(() => ({ kind: "beat", fleet, pace })),
        renewAll: (pace) => tell(() => ({ kind: "renew-all", fleet, pace })),
        keep: (plan) => {
          const acquiresPerSecond = plan.acquiresPerSecond / used.length;
          return tell(() => ({ kind: "keep", fleet, plan: { ...plan, acquiresPerSecond } }));
        },
        close: async () => void (await tell(() => ({ kind: "close", fleet }))),
      };
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(
        children.map(async (child) => {
          if (child.exitCode !== null || child.signalCode !== null) return;
          const exit = once(child, "exit");
          child.disconnect();
          await exit;
        }),
      );
    },
  };
}

/** Gives orders to one agent, and waits for what it reports. */
function lineTo(child: ChildProcess): (order: Order) => Promise<Report> {
  const waiting = new Map<number, PromiseWithResolvers<Report>>();
  let orders = 0;
  child.on("message", ({ id, report, error }: AgentAnswer) => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (report) one?.resolve(report);
    else one?.reject(new Error(`the load generator failed: ${error}`));
  });
  child.on("exit", (code, signal) => {
    for (const { reject } of waiting.values())
      reject(new Error(`the load generator ended with ${signal ?? code}`));
  });
  return (order) => {
    const id = (orders += 1);
    const answer = Promise.withResolvers<Report>();
    waiting.set(id, answer);
    child.send({ id, order });
    return answer.promise;
  };
}

/** One share for each agent that gets any. */
export function dealt<Item>(items: readonly Item[], agents: number): readonly (readonly Item[])[] {
  const shares = Array.from({ length: Math.min(agents, items.length) }, (): Item[] => []);
  for (const [index, item] of items.entries()) shares[index % shares.length]?.push(item);
  return shares;
}

function shareOf(pace: CallPace, shares: number, share: number): CallPace {
  const part = (whole: number) => Math.floor(whole / shares) + (share < whole % shares ? 1 : 0);
  switch (pace.kind) {
    case "closed":
      return { ...pace, inFlight: Math.max(1, part(pace.inFlight)) };
    case "open":
      return { ...pace, perSecond: pace.perSecond / shares };
    case "count":
      return { ...pace, inFlight: Math.max(1, part(pace.inFlight)), count: part(pace.count) };
    default:
      return pace satisfies never;
  }
}

/** Counts add up; the time is that of the slowest. */
export function merged(reports: readonly Report[]): Report {
  const latencies = new Histogram();
  for (const report of reports) latencies.add(report.latencies);
  return {
    count: reports.reduce((sum, { count }) => sum + count, 0),
    ms: Math.max(...reports.map(({ ms }) => ms)),
    failed: added(reports.map(({ failed }) => failed)),
    latencies: latencies.counts(),
    counts: added(reports.map(({ counts }) => counts)),
  };
}

function added(some: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const counts of some)
    for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}
