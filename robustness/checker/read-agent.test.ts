import { expect, test } from "vitest";
import type { AgentRecord } from "../agent/agent.ts";
import type { LogEntry } from "../agent/log-entry.ts";
import { toldBy } from "./read-agent.ts";

const RECORD: AgentRecord = {
  name: "a",
  logFile: "",
  sessions: 1,
  killedAt: undefined,
  pauses: [],
};

const GRANTED: readonly LogEntry[] = [
  { kind: "asked", at: 10, turn: 1 },
  { kind: "granted", at: 20, turn: 1, fence: "7" },
];

test("a holding lasts from the grant to the last look at which the seat was held", () => {
  const { holdings } = toldBy(RECORD, [...GRANTED, { kind: "over", at: 90, turn: 1 }], 500);
  const expected = { agent: "a", askedAt: 10, from: 20, until: 90, fence: 7n, killed: false };
  expect(holdings).toEqual([expected]);
});

test("a seat that is not over was held until the agent looked last", () => {
  const killed = { ...RECORD, killedAt: 505 };
  expect(toldBy(killed, GRANTED, 500).holdings).toMatchObject([{ until: 500, killed: true }]);
  expect(toldBy(RECORD, GRANTED, 500).holdings).toMatchObject([{ until: 500, killed: false }]);
});

test("a wait lasts until the grant or the refusal of its turn", () => {
  const entries: readonly LogEntry[] = [
    { kind: "queued", at: 12, turn: 1 },
    ...GRANTED,
    { kind: "queued", at: 30, turn: 2 },
    { kind: "refused", at: 60, turn: 2, reason: "NO_SEATS" },
  ];
  expect(toldBy(RECORD, entries, 500).waitings).toEqual([
    { agent: "a", from: 12, until: 20, disturbed: false },
    { agent: "a", from: 30, until: 60, disturbed: false },
  ]);
});

test("a wait is disturbed that has no end, or during which the agent stood still", () => {
  const queued: LogEntry = { kind: "queued", at: 12, turn: 1 };
  expect(toldBy(RECORD, [queued], 500).waitings).toMatchObject([{ until: 500, disturbed: true }]);
  const stalled: LogEntry = { kind: "stalled", at: 19, since: 15 };
  const waits = (record: AgentRecord, ...more: LogEntry[]) =>
    toldBy(record, [queued, ...GRANTED, ...more], 500).waitings;
  expect(waits(RECORD, stalled)).toMatchObject([{ disturbed: true }]);
  expect(waits({ ...RECORD, pauses: [{ from: 15, until: 19 }] })).toMatchObject([
    { disturbed: true },
  ]);
  expect(waits({ ...RECORD, pauses: [{ from: 25, until: 29 }] })).toMatchObject([
    { disturbed: false },
  ]);
});

test("losses, refusals and standstills are told", () => {
  const told = toldBy(
    { ...RECORD, pauses: [{ from: 1, until: 2 }] },
    [
      { kind: "lost", at: 5, turn: 1, cause: "silence" },
      { kind: "refused", at: 6, turn: 2, reason: "RECOVERING" },
      { kind: "stalled", at: 9, since: 7 },
    ],
    10,
  );
  expect(told.losses).toEqual([{ agent: "a", at: 5, cause: "silence" }]);
  expect(told.refusals).toEqual([{ at: 6, reason: "RECOVERING" }]);
  expect(told.standstills).toEqual([
    { agent: "a", from: 1, until: 2 },
    { agent: "a", from: 7, until: 9 },
  ]);
});
