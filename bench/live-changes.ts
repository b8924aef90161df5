/*
 * How long a change of a license takes from the issuer to its running clients.
 *
 *   node --conditions=source bench/live-changes.ts [--changes 300] [--clients 50] [--restarts 10] [--json]
 *
 * A cluster of its own: real stores, the three services, two seat-brokers; the clients are sessions of the
 * client library in this process, half of them at each seat-broker to begin with. A change is an
 * amendment of the license's seats. It is committed before AmendLicense is answered, so that the delay counts
 * from the answer; a client that heard before that counts 0. `sinceSent` counts from before the call was sent:
 * more than the delay can be.
 *
 * Restarts: a seat-broker is killed at the moment of a change, and its clients hear of it from the other one.
 */
import { parseArgs } from "node:util";
import { openSession, type SeatSession } from "@leasehold/client";
import { until } from "@leasehold/testkit";
import type { Sale, Sold } from "../e2e/desk/licensing-desk.ts";
import { openStory, type Story } from "../e2e/site/story.ts";
import { spreadOf } from "./percentiles.ts";

const BAR_MS = 2_000;
/** A client that has not heard by then counts as a failure. */
const HEARD_LIMIT_MS = 30_000;
const SALE: Sale = {
  seats: 1_000,
  features: ["dataflow"],
  leaseTimes: { validityMs: 45_000, graceMs: 10_000 },
};

const { values } = parseArgs({
  options: {
    changes: { type: "string", default: "300" },
    clients: { type: "string", default: "50" },
    restarts: { type: "string", default: "10" },
    json: { type: "boolean", default: false },
  },
});

/** A client, and when it heard of which number of seats; on the monotonic clock, in milliseconds. */
class Listener {
  readonly session: SeatSession;
  readonly heard = new Map<number, number>();
  connected = false;
  /** How often it lost its seat-broker. */
  losses = 0;

  constructor(session: SeatSession) {
    this.session = session;
    session.events.on("connected", () => {
      this.connected = true;
    });
    session.events.on("disconnected", () => {
      if (this.connected) this.losses += 1;
      this.connected = false;
    });
    session.events.on("licenseChanged", ({ seats }) => {
      if (!this.heard.has(seats)) this.heard.set(seats, performance.now());
    });
  }
}

/** How long one client took to hear of a change, in milliseconds; nothing if it never did. */
interface Hearing {
  readonly listener: Listener;
  readonly sinceAnswer: number | undefined;
  readonly sinceSent: number | undefined;
}

interface Scene {
  readonly story: Story;
  readonly sold: Sold;
  readonly listeners: readonly Listener[];
}

/** Makes a change, and waits until every client has heard of it. */
async function change({ story, sold, listeners }: Scene, seats: number): Promise<Hearing[]> {
  const sentAt = performance.now();
  await story.desk.amend(sold.license.name, { ...SALE, seats }, ["seats"]);
  const answeredAt = performance.now();
  await reached(() => listeners.every(({ heard }) => heard.has(seats)));
  return listeners.map((listener) => {
    const at = listener.heard.get(seats);
    if (at === undefined) return { listener, sinceAnswer: undefined, sinceSent: undefined };
    return { listener, sinceAnswer: Math.max(0, at - answeredAt), sinceSent: at - sentAt };
  });
}

/** The same while a seat-broker is killed, each in turn. @returns what its clients heard */
async function changeOverKill(scene: Scene, seats: number): Promise<Hearing[]> {
  const { story, listeners } = scene;
  const broker = seats % 2 === 0 ? "seat-broker" : "seat-broker-2";
  const losses = new Map(listeners.map((listener) => [listener, listener.losses]));
  const [, hearings] = await Promise.all([story.cluster.kill(broker), change(scene, seats)]);
  await story.cluster.restart(broker);
  await reached(() => listeners.every(({ connected }) => connected));
  return hearings.filter(({ listener }) => listener.losses > (losses.get(listener) ?? 0));
}

/** Waits until something is so, for a limited time. */
async function reached(is: () => boolean): Promise<void> {
  await until("", HEARD_LIMIT_MS, () => is() || undefined).catch(() => undefined);
}

async function openScene(clients: number): Promise<Scene & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const story = stack.use(await openStory({ seatBrokers: 2 }));
  const sold = await story.desk.sell(SALE);
  const { installation } = await story.unlock(sold, "bench");
  const { authorities } = story.cluster;
  const { seatBrokers } = story.cluster.addresses;
  const listeners = Array.from({ length: clients }, () => {
    const session = openSession({
      installation,
      seatBrokers,
      authorities,
      application: "bench 1.0",
    });
    return new Listener(stack.use(session));
  });
  await reached(() => listeners.every(({ connected }) => connected));
  const letGo = stack.move();
  return { story, sold, listeners, [Symbol.asyncDispose]: () => letGo.disposeAsync() };
}

const told = (hearings: readonly Hearing[], since: "sinceAnswer" | "sinceSent") =>
  spreadOf(hearings.flatMap((hearing) => hearing[since] ?? []));

const [changes, clients, restarts] = [values.changes, values.clients, values.restarts].map(Number);
await using scene = await openScene(clients ?? 0);
let seats = SALE.seats;
const plain: Hearing[] = [];
for (let i = 0; i < (changes ?? 0); i += 1) plain.push(...(await change(scene, (seats += 1))));
const overKill: Hearing[] = [];
for (let i = 0; i < (restarts ?? 0); i += 1)
  overKill.push(...(await changeOverKill(scene, (seats += 1))));

const [answered, sent] = [told(plain, "sinceAnswer"), told(plain, "sinceSent")];
const killed = told(overKill, "sinceAnswer");
const failures = [...plain, ...overKill].filter(({ sinceSent }) => sinceSent === undefined).length;
const figures = {
  p50Ms: answered.p50,
  p99Ms: answered.p99,
  maxMs: answered.max,
  sinceSentP50Ms: sent.p50,
  sinceSentP99Ms: sent.p99,
  restartP50Ms: killed.p50,
  restartP99Ms: killed.p99,
  restartMaxMs: killed.max,
  samples: plain.length,
  restartSamples: overKill.length,
};
if (!values.json) console.table(figures);
const ok = failures === 0 && answered.p99 <= BAR_MS && overKill.length > 0;
console.log(JSON.stringify({ ok, figures, failures }));
process.exitCode = ok ? 0 : 1;
