/*
 * The worker that floods, so that the good calls beside are not late for its sake.
 */
import { setTimeout as pause } from "node:timers/promises";
import { parentPort } from "node:worker_threads";
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

/** One flood that is going on. */
interface Going {
  readonly order: Order;
  readonly how: Flood;
  readonly end: number;
  readonly done: { sent: number; connections: number; closed: number };
}

const port = parentPort;
port?.on("message", (order: Order) => void answer(order));

async function answer(order: Order): Promise<void> {
  port?.postMessage((await carryOut(order)) satisfies Done, []);
}

async function carryOut(order: Order): Promise<Done> {
  const how = FLOODS[order.flood];
  if (how === undefined) throw new RangeError(`there is no flood ${order.flood}`);
  const done = { sent: 0, connections: 0, closed: 0 };
  const going = { order, how, end: performance.now() + order.lastsMs, done };
  await Promise.all(Array.from({ length: how.links }, () => link(going)));
  return done;
}

async function link(going: Going): Promise<void> {
  const { how, end } = going;
  do {
    if (!(await connection(going))) await pause(PAUSE_MS);
  } while (how.returns === true && performance.now() < end);
}

/** One connection's life. @returns whether it could be had */
async function connection({ how, order, end, done }: Going): Promise<boolean> {
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
  const goesOn = () => !isGone && performance.now() < end;
  // A server that is still busy with the flood before opens it late: one burst is sent all the same.
  const isDue = (step: number) => (step < BURST ? !isGone : goesOn());
  if (how.unit === "sockets") done.sent += 1;
  socket.write(how.opening(order.path));
  for (let step = 0; step < how.steps && isDue(step); step += 1) {
    const bytes = how.step(step, order.path);
    if (bytes === undefined) await pause(PAUSE_MS);
    else {
      socket.write(bytes);
      done.sent += 1;
    }
    if (step % BURST === BURST - 1) await pause(0);
    while (socket.writableLength > MOST_WAITING && goesOn()) await pause(PAUSE_MS);
  }
  while (how.returns !== true && goesOn()) await pause(PAUSE_MS);
  socket.destroy();
  return true;
}
