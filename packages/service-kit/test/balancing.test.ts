import { type Channel, client, connect } from "@leasehold/rpc-client";
import { serve, type Server } from "@leasehold/service-kit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ChangingName, changingName } from "./changing-name.ts";
import { bySecret, recordingLog } from "./running-server.ts";
import { broker, brokerDefinition, LEASE_ID } from "./sample-service.ts";

interface Replica {
  readonly server: Server;
  readonly address: string;
  /** How many calls came here. */
  calls: number;
}

let stack: AsyncDisposableStack;
let name: ChangingName;
beforeEach(() => {
  stack = new AsyncDisposableStack();
  name = changingName();
});
afterEach(() => stack.disposeAsync());

/** A seat-broker's server that asks connections to leave after so many milliseconds. */
async function replica(connectionAgeMs = 3_600_000): Promise<Replica> {
  const acquireSeat = () => {
    running.calls += 1;
    return Promise.resolve({ lease: undefined, warnings: [] });
  };
  const server = await serve({
    address: "127.0.0.1:0",
    bindings: [broker({ acquireSeat })],
    authenticate: bySecret,
    log: recordingLog(),
    limits: { connectionAgeMs, connectionGraceMs: 1_000 },
    drain: { goodbyeMs: 1_000, limitMs: 1_000 },
  });
  stack.use(server);
  const running: Replica = { server, address: server.address, calls: 0 };
  return running;
}

const channelTo = (target: string): Channel => stack.use(connect(target, { plaintext: true }));
const callerOf = (channel: Channel) =>
  client(brokerDefinition, channel, { metadata: () => ({ authorization: "installation" }) });
const request = { leaseId: LEASE_ID, holder: undefined, claim: undefined };

test("calls through one channel go round all servers of a name", async () => {
  const replicas = [await replica(), await replica(), await replica()];
  name.means(...replicas.map(({ address }) => address));
  const caller = callerOf(channelTo(name.target));
  await expect
    .poll(async () => {
      await caller.acquireSeat(request);
      return replicas.every(({ calls }) => calls > 0);
    })
    .toBe(true);
  for (const each of replicas) each.calls = 0;
  for (let call = 0; call < 30; call += 1) await caller.acquireSeat(request);
  expect(replicas.map(({ calls }) => calls)).toEqual([10, 10, 10]);
});

test("a list of addresses is gone round as a name is", async () => {
  const replicas = [await replica(), await replica()];
  const caller = callerOf(channelTo(`ipv4:${replicas.map(({ address }) => address).join(",")}`));
  await expect
    .poll(async () => {
      await caller.acquireSeat(request);
      return replicas.every(({ calls }) => calls > 0);
    })
    .toBe(true);
});

test("servers that come later get their share once connections have reached their age", async () => {
  const earlier = [await replica(50), await replica(50)];
  name.means(...earlier.map(({ address }) => address));
  const caller = callerOf(channelTo(name.target));
  await caller.acquireSeat(request);
  const later = [await replica(50), await replica(50)];
  name.means(...[...earlier, ...later].map(({ address }) => address));
  await expect
    .poll(async () => {
      await caller.acquireSeat(request);
      return later.every(({ calls }) => calls > 0);
    })
    .toBe(true);
});

test("a server that leaves in order takes no call with it", async () => {
  const [leaving, staying] = [await replica(), await replica()];
  name.means(leaving.address, staying.address);
  const caller = callerOf(channelTo(name.target));
  await expect
    .poll(async () => {
      await caller.acquireSeat(request);
      return leaving.calls > 0 && staying.calls > 0;
    })
    .toBe(true);
  name.means(staying.address);
  const gone = new AbortController();
  const leaves = leaving.server.drain().finally(() => gone.abort());
  while (!gone.signal.aborted) await caller.acquireSeat(request);
  await leaves;
  const before = staying.calls;
  await caller.acquireSeat(request);
  expect(staying.calls).toBe(before + 1);
});
