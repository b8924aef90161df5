import { Client, credentials, status } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { service as healthService } from "grpc-health-check";
import { running, type Running } from "./running-server.ts";
import { broker, issuing, LEASE_ID } from "./sample-service.ts";

const request = { leaseId: LEASE_ID, holder: undefined, claim: undefined };
const SERVICE = "leasehold.seatbroker.v1.SeatBrokerService";

/** What the health service answers: a serving status, or the name of the gRPC status it failed with. */
async function health(kit: Running, service: string): Promise<string> {
  const raw = new Client(kit.server.address, credentials.createInsecure());
  const check = healthService["Check"]!;
  try {
    return await new Promise<string>((resolve) => {
      raw.makeUnaryRequest(
        check.path,
        check.requestSerialize,
        check.responseDeserialize,
        { service },
        (failure, answer) =>
          resolve(
            failure
              ? (status[failure.code] ?? "")
              : (answer as unknown as { status: string }).status,
          ),
      );
    });
  } finally {
    raw.close();
  }
}

test("health follows the stores, for the server and for each service", async () => {
  let up = true;
  const store = {
    name: "redis",
    check: () => (up ? Promise.resolve() : Promise.reject(new Error("gone"))),
  };
  await using kit = await running({ stores: [store], probeEveryMs: 20 });
  expect(await health(kit, "")).toBe("SERVING");
  expect(await health(kit, SERVICE)).toBe("SERVING");
  up = false;
  await expect.poll(() => health(kit, "")).toBe("NOT_SERVING");
  expect(await health(kit, SERVICE)).toBe("NOT_SERVING");
  up = true;
  await expect.poll(() => health(kit, SERVICE)).toBe("SERVING");
  const changes = kit.log.entries.filter(({ facts }) => facts["store"] === "redis");
  expect(changes.map(({ message }) => message)).toEqual([
    "store does not answer",
    "store answers again",
  ]);
});

test("a store that never answers counts as away", async () => {
  const store = { name: "redis", check: () => new Promise(() => undefined) };
  await using kit = await running({ stores: [store], probeEveryMs: 20 });
  expect(await health(kit, "")).toBe("NOT_SERVING");
});

test("health of a service that is not there is NOT_FOUND, without quoting the caller", async () => {
  await using kit = await running();
  expect(await health(kit, "canary")).toBe("NOT_FOUND");
});

test("a draining server lets its last call finish and takes no new one", async () => {
  const entered = Promise.withResolvers<void>();
  const held = Promise.withResolvers<{ lease: undefined; warnings: [] }>();
  const acquireSeat = () => {
    entered.resolve();
    return held.promise;
  };
  await using kit = await running({ bindings: [broker({ acquireSeat })] }, { services: [] });
  const last = kit.broker("installation").acquireSeat(request);
  await entered.promise;
  const drained = kit.server.drain();
  await expect(kit.broker("installation").acquireSeat(request)).rejects.toMatchObject({
    reason: "DEPENDENCY_UNAVAILABLE",
  });
  held.resolve({ lease: undefined, warnings: [] });
  await expect(last).resolves.toEqual({ lease: undefined, warnings: [] });
  await drained;
});

test("a draining server says goodbye on its streams first, and ends those that stay", async () => {
  const goodbyes: (() => void)[] = [];
  const onDrain = () => goodbyes.forEach((say) => say());
  const ended = Promise.withResolvers<void>();
  const bindings = [
    broker(
      {
        keepAlive: (stream, call) => {
          const event = { event: { $case: "draining", value: { retryAfter: undefined } } } as const;
          goodbyes.push(() => stream.send({ seq: 0n, renewals: [], event }));
          stream.onMessage(() => undefined);
          call.signal.addEventListener("abort", () => ended.resolve());
        },
      },
      onDrain,
    ),
  ];
  await using kit = await running({ bindings });
  const stream = kit.broker("installation").keepAlive();
  await expect.poll(() => goodbyes.length).toBe(1);
  const reading = stream[Symbol.asyncIterator]();
  const first = reading.next();
  const drained = kit.server.drain();
  expect((await first).value).toMatchObject({ event: { event: { $case: "draining" } } });
  await expect(reading.next()).rejects.toMatchObject({ reason: "DRAINING" });
  await ended.promise;
  await drained;
});

test("a handler that never ends does not keep the server from going", async () => {
  const entered = Promise.withResolvers<void>();
  const acquireSeat = () => {
    entered.resolve();
    return new Promise<never>(() => undefined);
  };
  await using kit = await running(
    { bindings: [broker({ acquireSeat })], drain: { limitMs: 50 } },
    { services: [] },
  );
  const cut = kit.broker("installation").acquireSeat(request);
  await entered.promise;
  await Promise.all([kit.server.drain(), expect(cut).rejects.toMatchObject({ name: "Problem" })]);
});

test("a client that leaves its loop ends the stream on the server", async () => {
  let made = 0;
  const endless = issuing({
    async *watchLicenses(_, call) {
      while (!call.signal.aborted) {
        made += 1;
        yield {
          feedRevision: BigInt(made),
          license: undefined,
          productFacts: undefined,
          customer: undefined,
        };
        if (made % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    },
  });
  await using kit = await running({ bindings: [endless] });
  for await (const { feedRevision } of kit
    .issuer("service")
    .watchLicenses({ afterFeedRevision: 0n }))
    if (feedRevision === 3n) break;
  await expect
    .poll(() => kit.log.entries.filter(({ message }) => message === "stream ended").length)
    .toBe(1);
});

test("a client that does not read loses its stream, not the server its memory", async () => {
  await using kit = await running({
    bindings: [
      broker({
        keepAlive: (stream, call) => {
          const renewals = Array.from(
            { length: 500 },
            () =>
              ({
                leaseId: Buffer.alloc(32),
                outcome: 1,
                validity: undefined,
                token: Buffer.alloc(32),
              }) as const,
          );
          stream.onMessage(() => undefined);
          while (!call.signal.aborted) stream.send({ seq: 1n, renewals, event: undefined });
        },
      }),
    ],
  });
  const stream = kit.broker("installation").keepAlive();
  await expect(Array.fromAsync(stream)).rejects.toMatchObject({ reason: "OVERLOADED" });
});

test("each unary call gets one line, each stream one when it ends, and no message any", async () => {
  await using kit = await running();
  await kit.broker("installation").acquireSeat(request);
  const stream = kit.broker("installation").keepAlive();
  for (const seq of [1n, 2n, 3n]) stream.send({ seq, heartbeats: [] });
  stream.end();
  expect(await Array.fromAsync(stream)).toHaveLength(3);
  await kit
    .broker("nobody")
    .acquireSeat(request)
    .catch(() => undefined);
  await expect
    .poll(() => kit.log.entries.filter(({ facts }) => "rpc" in facts))
    .toMatchObject([
      {
        level: "info",
        message: "call",
        facts: {
          rpc: `${SERVICE}/AcquireSeat`,
          code: "OK",
          principal: "installations/00000000-0000-7000-8000-000000000001",
        },
      },
      {
        level: "info",
        message: "stream ended",
        facts: { rpc: `${SERVICE}/KeepAlive`, code: "OK" },
      },
      {
        level: "info",
        message: "call",
        facts: { code: "UNAUTHENTICATED", reason: "UNAUTHENTICATED", principal: "anyone" },
      },
    ]);
});

test("with the access log set to failures, successful calls get no line", async () => {
  await using kit = await running({ accessLog: "failures" });
  await kit.broker("installation").acquireSeat(request);
  await kit
    .broker("nobody")
    .acquireSeat(request)
    .catch(() => undefined);
  await expect
    .poll(() =>
      kit.log.entries.filter(({ facts }) => "rpc" in facts).map(({ facts }) => facts["code"]),
    )
    .toEqual(["UNAUTHENTICATED"]);
});
