import { readFile } from "node:fs/promises";
import type { Agent, AgentRecord } from "../agent/agent.ts";
import { lastLookFile, type LogEntry } from "../agent/log-entry.ts";
import type { Holding, Standstill, Told, Waiting } from "./history.ts";

/** What agents wrote down until the end of a run, and what was done to them. */
export async function readAgents(agents: readonly Agent[], runEnd: number): Promise<Told> {
  const read = await Promise.all(agents.map(({ record }) => readAgent(record, runEnd)));
  return {
    holdings: read.flatMap(({ holdings }) => holdings),
    waitings: read.flatMap(({ waitings }) => waitings),
    losses: read.flatMap(({ losses }) => losses),
    standstills: read.flatMap(({ standstills }) => standstills),
    refusals: read.flatMap(({ refusals }) => refusals),
  };
}

async function readAgent(record: AgentRecord, runEnd: number): Promise<Told> {
  const text = await readFile(record.logFile, "utf8").catch(() => "");
  const entries = text.split("\n").flatMap((line) => (line === "" ? [] : [parse(line)]));
  const lastLook = await readFile(lastLookFile(record.logFile)).catch(() => Buffer.alloc(0));
  const looked = lastLook.length === 8 ? lastLook.readDoubleLE() : 0;
  return toldBy(
    record,
    entries.filter(({ at }) => at <= runEnd),
    Math.min(looked, runEnd),
  );
}

/**
 * What the entries of one agent's log say.
 * @param lastLook when it looked at its seats last: for so long it held those that are not over
 */
export function toldBy(record: AgentRecord, entries: readonly LogEntry[], lastLook: number): Told {
  const agent = record.name;
  const overs = timesOf(entries, "over");
  const asked = timesOf(entries, "asked");
  const holdings = entries.flatMap((entry): Holding[] => {
    if (entry.kind !== "granted") return [];
    const { turn, at: from } = entry;
    const over = overs.get(turn);
    return [
      {
        agent,
        askedAt: asked.get(turn) ?? from,
        from,
        until: over ?? Math.max(from, lastLook),
        fence: BigInt(entry.fence),
        killed: over === undefined && record.killedAt !== undefined,
      },
    ];
  });
  const standstills = standstillsOf(record, entries);
  return {
    holdings,
    waitings: waitingsOf(agent, entries, standstills, lastLook),
    losses: entries.flatMap((entry) =>
      entry.kind === "lost" ? [{ agent, at: entry.at, cause: entry.cause }] : [],
    ),
    standstills,
    refusals: entries.flatMap((entry) =>
      entry.kind === "refused" ? [{ at: entry.at, reason: entry.reason }] : [],
    ),
  };
}

function waitingsOf(
  agent: string,
  entries: readonly LogEntry[],
  standstills: readonly Standstill[],
  lastLook: number,
): readonly Waiting[] {
  const ends = new Map([...timesOf(entries, "granted"), ...timesOf(entries, "refused")]);
  return entries.flatMap((entry): Waiting[] => {
    if (entry.kind !== "queued") return [];
    const until = ends.get(entry.turn) ?? lastLook;
    const disturbed =
      !ends.has(entry.turn) ||
      standstills.some((each) => each.from < until && each.until > entry.at);
    return [{ agent, from: entry.at, until, disturbed }];
  });
}

function standstillsOf(record: AgentRecord, entries: readonly LogEntry[]): readonly Standstill[] {
  const stalls = entries.flatMap((entry) =>
    entry.kind === "stalled" ? [{ from: entry.since, until: entry.at }] : [],
  );
  return [...record.pauses, ...stalls].map((each) => ({ agent: record.name, ...each }));
}

/** When it happened, by turn. */
function timesOf(
  entries: readonly LogEntry[],
  kind: "asked" | "granted" | "refused" | "over",
): ReadonlyMap<number, number> {
  return new Map(entries.flatMap((entry) => (entry.kind === kind ? [[entry.turn, entry.at]] : [])));
}

function parse(line: string): LogEntry {
  return JSON.parse(line) as LogEntry;
}
