import { Client, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { seatBroker } from "@leasehold/contracts";
import { Problem } from "@leasehold/kernel";
import { postRaw } from "./post-raw.ts";
import { type Running, running } from "./running-server.ts";
import { broker, issuing, LEASE_ID } from "./sample-service.ts";

const request = { leaseId: LEASE_ID, holder: undefined, claim: undefined };

/** Sends bytes as they are, with these headers. */
function sendRaw(
  kit: Running,
  bytes: Buffer,
  headers: Readonly<Record<string, string>> = {},
  deadlineMs = 5_000,
): Promise<ServiceError> {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries({ authorization: "installation", ...headers }))
    metadata.set(name, value);
  const raw = new Client(kit.server.address, credentials.createInsecure());
  return new Promise<ServiceError>((resolve, reject) => {
    const path = "/leasehold.seatbroker.v1.SeatBrokerService/AcquireSeat";
    const options = { deadline: Date.now() + deadlineMs };
    raw.makeUnaryRequest(
      path,
      (b: Buffer) => b,
      (b: Buffer) => b,
      bytes,
      metadata,
      options,
      (failure) => (failure ? resolve(failure) : reject(new Error("it was answered"))),
    );
  }).finally(() => raw.close());
}

async function stillServes(kit: Running): Promise<void> {
  await expect(kit.broker("installation").acquireSeat(request)).resolves.toBeDefined();
}

test("a problem reaches the client with everything that it tells", async () => {
  const problem = new Problem("NO_SEATS", {
    message: "every seat is taken",
    metadata: { live: "3" },
    retryAfterMs: 1_500,
    violations: [{ field: "lease_id", description: "must be new" }],
  });
  await using kit = await running({
    bindings: [broker({ acquireSeat: () => Promise.reject(problem) })],
  });
  await expect(kit.broker("installation").acquireSeat(request)).rejects.toMatchObject({
    name: "Problem",
    reason: "NO_SEATS",
    message: "every seat is taken",
    metadata: { live: "3" },
    retryAfterMs: 1_500,
    violations: [{ field: "lease_id", description: "must be new" }],
  });
});

test.each([
  ["truncated", Buffer.from([0x0a, 0x20, 1])],
  ["of an impossible wire type", Buffer.from([0x0f])],
  ["nested without end", Buffer.alloc(60_000, 0x13)],
])("a message that is %s is the caller's fault", async (_, bytes) => {
  await using kit = await running();
  const failure = await sendRaw(kit, bytes);
  expect(failure.code).toBe(status.INVALID_ARGUMENT);
  await stillServes(kit);
});

test("a message on a stream that cannot be decoded ends the stream", async () => {
  await using kit = await running();
  const { keepAlive } = seatBroker.SeatBrokerServiceDefinition.methods;
  const requestType = {
    ...keepAlive.requestType,
    encode: () => ({ finish: () => Buffer.from([0x0f]) }),
  };
  const methods = {
    keepAlive: {
      ...keepAlive,
      requestType: requestType as unknown as typeof keepAlive.requestType,
    },
  };
  const definition = { ...seatBroker.SeatBrokerServiceDefinition, methods } as const;
  const stream = kit.as(definition, "installation").keepAlive();
  stream.send({ seq: 1n, heartbeats: [] });
  await expect(Array.fromAsync(stream)).rejects.toMatchObject({ reason: "MALFORMED_MESSAGE" });
  await stillServes(kit);
});

test("fields that the contract does not know are dropped", async () => {
  let seen: unknown;
  const acquireSeat = (received: object) => {
    seen = received;
    return Promise.reject(new Problem("NO_SEATS"));
  };
  await using kit = await running({ bindings: [broker({ acquireSeat })] });
  await sendRaw(kit, Buffer.from([0xf2, 0x3f, 0x02, 0x68, 0x69]));
  expect(Object.keys(seen as object).toSorted()).toEqual(["claim", "holder", "leaseId"]);
});

test("a message that is too large is refused", async () => {
  await using kit = await running();
  const failure = await sendRaw(kit, Buffer.alloc(64 * 1024 + 1));
  expect(failure).toMatchObject({
    code: status.RESOURCE_EXHAUSTED,
    details: "the message is too large",
  });
  await stillServes(kit);
});

test("a defect is told as INTERNAL, and its stack only to the log, once", async () => {
  const acquireSeat = () => Promise.reject(new TypeError("canary"));
  await using kit = await running({ bindings: [broker({ acquireSeat })] });
  const failing = kit.broker("installation").acquireSeat(request);
  await expect(failing).rejects.toMatchObject({ reason: "INTERNAL", message: "internal error" });
  const errors = kit.log.entries.filter(({ level }) => level === "error");
  expect(errors.map(({ facts }) => String(facts["err"]))).toEqual(["TypeError: canary"]);
});

test("a handler that throws before it promises anything, or answers with nonsense, is a defect", async () => {
  const throwing = broker({
    acquireSeat: () => {
      throw new TypeError("x");
    },
    listSeats: () => Promise.resolve(undefined as never),
    keepAlive: () => {
      throw new TypeError("x");
    },
  });
  await using kit = await running({ bindings: [throwing] });
  const internal = { reason: "INTERNAL" };
  await expect(kit.broker("installation").acquireSeat(request)).rejects.toMatchObject(internal);
  await expect(
    kit.broker("reader").listSeats({ parent: "", pageSize: 0, pageToken: "", filter: undefined }),
  ).rejects.toMatchObject(internal);
  await expect(Array.fromAsync(kit.broker("installation").keepAlive())).rejects.toMatchObject(
    internal,
  );
});

test("a stream whose handler fails half way tells so after what it sent", async () => {
  const failing = issuing({
    async *watchLicenses() {
      yield { feedRevision: 1n, license: undefined, productFacts: undefined, customer: undefined };
      await Promise.reject(new Problem("RECOVERING"));
    },
  });
  await using kit = await running({ bindings: [failing] });
  const seen: bigint[] = [];
  const reading = async () => {
    for await (const { feedRevision } of kit
      .issuer("service")
      .watchLicenses({ afterFeedRevision: 0n }))
      seen.push(feedRevision);
  };
  await expect(reading()).rejects.toMatchObject({ reason: "RECOVERING" });
  expect(seen).toEqual([1n]);
});

test("a status text that is not well-formed, and comes later, does not end the process", async () => {
  const text = `\ud800 caf\u00e9 \n${"x".repeat(2_000)}`;
  const acquireSeat = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    throw new Problem("NO_SEATS", {
      message: text,
      metadata: { text },
      violations: [{ field: text, description: text }],
    });
  };
  await using kit = await running({ bindings: [broker({ acquireSeat })] });
  const failure = await sendRaw(kit, Buffer.alloc(0));
  expect(failure.code).toBe(status.RESOURCE_EXHAUSTED);
  expect(failure.details).toMatch(/^[ -~]{512}$/);
  expect(failure.details).toMatch(/^\? caf\? \?xxx/);
});

test("a handler that hangs is answered for at the method's deadline, and learns of it", async () => {
  const aborted = Promise.withResolvers<void>();
  const acquireSeat: Parameters<typeof broker>[0] = {
    acquireSeat: (_, call) => {
      call.signal.addEventListener("abort", () => aborted.resolve());
      return new Promise(() => undefined);
    },
  };
  await using kit = await running({ bindings: [broker(acquireSeat)] });
  const failure = await sendRaw(kit, Buffer.alloc(0), {}, 60_000); // the caller would wait a minute
  expect(failure.code).toBe(status.DEADLINE_EXCEEDED);
  await aborted.promise;
});

test("a handler learns how long its caller waits, and when it stops waiting", async () => {
  const left: (number | undefined)[] = [];
  const aborted = Promise.withResolvers<void>();
  await using kit = await running({
    bindings: [
      broker({
        acquireSeat: (_, call) => {
          left.push(call.deadline);
          call.signal.addEventListener("abort", () => aborted.resolve());
          return new Promise(() => undefined);
        },
      }),
    ],
  });
  const giveUp = new AbortController();
  const call = kit
    .broker("installation")
    .acquireSeat(request, { signal: giveUp.signal, deadlineMs: 1_500 });
  await expect.poll(() => left.length).toBe(1);
  giveUp.abort();
  await expect(call).rejects.toMatchObject({ reason: "CANCELLED" });
  await aborted.promise;
  expect(left[0]).toBeGreaterThan(0);
  expect(left[0]).toBeLessThanOrEqual(1_500);
  await expect.poll(() => kit.log.entries.map(({ facts }) => facts["code"])).toContain("CANCELLED");
});

test.each([
  ["two values of a header", { traceparent: ["a", "b"], "lh-proof": ["a", "b"] }],
  ["a prototype's name", { authorization: "__proto__" }],
  ["bytes for text", { authorization: "\u00ff\u0080" }],
  ["a broken trace", { traceparent: "00-zz-zz-zz" }],
  ["an unknown compression", { "grpc-encoding": "lzma" }],
  ["a huge header", { "x-y": "x".repeat(8_000) }],
])("%s in the headers harms nobody", async (_, headers) => {
  await using kit = await running();
  const answered = await postRaw(kit, { headers });
  expect(answered["grpc-status"]).toBeDefined();
  await stillServes(kit);
});

test("a body that does not decompress is the caller's fault", async () => {
  await using kit = await running();
  const answered = await postRaw(kit, {
    headers: { "grpc-encoding": "gzip" },
    body: Buffer.from([1, 0, 0, 0, 2, 9, 9]),
  });
  expect(answered["grpc-status"]).toBe(String(status.INVALID_ARGUMENT));
});
