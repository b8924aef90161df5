/*
 * A client application that works on seats: several sessions, each of which leases a seat, holds it
 * for a while, gives it back, again and again. Looks at `held()` every few milliseconds, and writes
 * down synchronously what it sees, so that a SIGKILL loses nothing.
 *
 *   main.ts <directory> <seat-broker,…> <log file> <sessions> <seed> <habits as JSON>
 */
import { openSync, writeSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import {
  isProblem,
  openInstallation,
  openSession,
  type Seat,
  type SeatSession,
} from "@leasehold/client";
import { type Dice, dice } from "../site/dice.ts";
import { hostNow } from "../site/host-clock.ts";
import { type Habits, holdMs } from "./habits.ts";
import { lastLookFile, type LogEntry } from "./log-entry.ts";

const LOOK_EVERY_MS = 4;
/** A look that comes so much later than the one before tells of a process that stood still. */
const STALL_MS = 300;

interface Watched {
  readonly seat: Seat;
  readonly turn: number;
  lastHeld: number;
}

const [
  directory = "",
  seatBrokers = "",
  logFile = "",
  sessions = "1",
  seed = "1",
  habitsText = "",
] = process.argv.slice(2);
const habits = JSON.parse(habitsText) as Habits;
const log = openSync(logFile, "a");
const lastLook = openSync(lastLookFile(logFile), "w");
const lookBytes = Buffer.alloc(8);
const watched = new Set<Watched>();
const ending = new AbortController();
let looked = hostNow();
let turns = 0;

function write(entry: LogEntry): void {
  writeSync(log, `${JSON.stringify(entry)}\n`);
}

/** The time is read first: a seat that is held after it was held at it. */
function look(one: Watched): boolean {
  const now = hostNow();
  if (!one.seat.held()) return false;
  one.lastHeld = now;
  return true;
}

function stopWatching(one: Watched): void {
  if (watched.delete(one)) write({ kind: "over", at: one.lastHeld, turn: one.turn });
}

function lookAtAll(): void {
  const now = hostNow();
  if (now - looked > STALL_MS) write({ kind: "stalled", at: now, since: looked });
  looked = now;
  for (const one of watched) if (!look(one)) stopWatching(one);
  lookBytes.writeDoubleLE(now);
  writeSync(lastLook, lookBytes, 0, 8, 0);
}

async function work(session: SeatSession, random: Dice): Promise<void> {
  while (!ending.signal.aborted) {
    const waitMs = await takeATurn(session, random);
    await pause(waitMs, undefined, { signal: ending.signal }).catch(() => undefined);
  }
}

/** @returns how long to wait before the next one */
async function takeATurn(session: SeatSession, random: Dice): Promise<number> {
  const turn = (turns += 1);
  write({ kind: "asked", at: hostNow(), turn });
  let seat: Seat;
  try {
    seat = await acquire(session, turn, random.chance(habits.waits));
  } catch (failure) {
    if (!isProblem(failure)) throw failure;
    write({ kind: "refused", at: hostNow(), turn, reason: failure.reason });
    return (
      Math.min(failure.retryAfterMs ?? habits.retryMs, habits.retryMs) * random.between(0.5, 1)
    );
  }
  const lost = new AbortController();
  const one: Watched = { seat, turn, lastHeld: 0 };
  if (look(one)) {
    watched.add(one);
    write({ kind: "granted", at: one.lastHeld, turn, fence: String(seat.fencingToken) });
  }
  seat.events.on("lost", ({ cause }) => {
    write({ kind: "lost", at: hostNow(), turn, cause });
    lost.abort();
  });
  await hold(random, lost.signal);
  look(one);
  stopWatching(one);
  await seat.release();
  return random.between(0, 40);
}

function acquire(session: SeatSession, turn: number, waits: boolean): Promise<Seat> {
  let queued = false;
  return session.acquire({
    signal: ending.signal,
    wait: waits && { upToMs: habits.waitMs },
    onPosition: () => {
      if (!queued) write({ kind: "queued", at: hostNow(), turn });
      queued = true;
    },
  });
}

async function hold(random: Dice, lost: AbortSignal): Promise<void> {
  const signal = AbortSignal.any([lost, ending.signal]);
  const ms = holdMs(habits, hostNow(), random);
  await pause(ms, undefined, { signal }).catch(() => undefined);
}

const opened = await openInstallation(directory);
if (opened.kind !== "unlocked") throw new Error(`${directory}: ${JSON.stringify(opened)}`);
process.on("SIGTERM", () => ending.abort());
const looking = setInterval(lookAtAll, LOOK_EVERY_MS);
await Promise.all(
  Array.from({ length: Number(sessions) }, async (_, number) => {
    await using session = openSession({
      installation: opened.installation,
      seatBrokers: seatBrokers.split(","),
      application: `agent, session ${number}`,
    });
    await work(session, dice(Number(seed) + number));
  }),
);
clearInterval(looking);
