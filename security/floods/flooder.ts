/*
 * The worker that floods, so that the good calls beside are not late for its sake.
 */
import { setTimeout as pause } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { bareSocketTo, type Listener, socketTo } from "../dial.ts";
import { FLOODS, type Flood } from "./floods.ts";

/** What a worker is told to do. */
export interface Order {
  readonly flood: string;
  readonly listener: Listener;
  /** Of the method that calls name. */
  readonly path: string;
  readonly lastsMs: number;
}

/** What it has done. */
export interface Done {
  readonly sent: number;
  readonly connections: number;
  /** Connections that the server closed. */
  readonly closed: number;
}

/** Bytes that may wait to be sent on one connection. */
const MOST_WAITING = 256 * 1024;
const PAUSE_MS = 20;
/** Steps are sent so many at a time. */
const BURST = 50;

const order = workerData as Order;
const flood = FLOODS[order.flood];
if (flood === undefined) throw new RangeError(`there is no flood ${order.flood}`);
const end = performance.now() + order.lastsMs;
const done = { sent: 0, connections: 0, closed: 0 };
await Promise.all(Array.from({ length: flood.links }, () => link(flood)));
parentPort?.postMessage(done satisfies Done);
process.exit(0);

async function link(how: Flood): Promise<void> {
  do {
    if (!(await connection(how))) await pause(PAUSE_MS);
  } while (how.returns === true && performance.now() < end);
}

/** One connection's life. @returns whether it could be had */
async function connection(how: Flood): Promise<boolean> {
  const open = how.bare === true ? bareSocketTo : socketTo;
  const socket = await open(order.listener).catch(() => undefined);
  if (socket === undefined) return false;
  done.connections += 1;
  socket.resume();
  let isGone = false;
  socket.on("close", () => {
    isGone = true;
    done.closed += 1;
  });
  if (how.unit === "sockets") done.sent += 1;
  socket.write(how.opening(order.path));
  for (let step = 0; step < how.steps && !isGone && performance.now() < end; step += 1) {
    const bytes = how.step(step, order.path);
    if (bytes !== undefined) {
      socket.write(bytes);
      done.sent += 1;
    }
    if (bytes === undefined || step % BURST === BURST - 1 || socket.writableLength > MOST_WAITING)
      await pause(bytes === undefined ? PAUSE_MS : 0);
    while (socket.writableLength > MOST_WAITING && !isGone && performance.now() < end)
      await pause(PAUSE_MS);
  }
  while (how.returns !== true && !isGone && performance.now() < end) await pause(PAUSE_MS);
  socket.destroy();
  return true;
}
