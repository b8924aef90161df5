import {
  type ServerDuplexStream,
  type ServerUnaryCall,
  Server,
  ServerCredentials,
  status,
} from "@grpc/grpc-js";
import { seatBroker } from "@leasehold/contracts";
import { type Client, client, type ClientOptions, connect } from "@leasehold/rpc-client";
import { expect, test } from "vitest";

const definition = seatBroker.SeatBrokerServiceDefinition;
const request = { leaseId: Buffer.alloc(32, 1), holder: undefined, claim: undefined };

interface Behaviour {
  readonly acquireSeat?: (call: ServerUnaryCall<Buffer, Buffer>) => "answer" | "hang";
  readonly keepAlive?: (stream: ServerDuplexStream<Buffer, Buffer>) => void;
}

interface Running extends AsyncDisposable {
  client(options?: ClientOptions): Client<typeof definition>;
  closeChannel(): Promise<void>;
}

const bytes = (buffer: Buffer): Buffer => buffer;
const method = (name: string, streams: boolean) => ({
  path: `/${definition.fullName}/${name}`,
  requestStream: streams,
  responseStream: streams,
  requestSerialize: bytes,
  requestDeserialize: bytes,
  responseSerialize: bytes,
  responseDeserialize: bytes,
});

/** A server of the transport alone, to see the client by itself. */
async function running(behaviour: Behaviour): Promise<Running> {
  const server = new Server();
  server.addService(
    { acquireSeat: method("AcquireSeat", false), keepAlive: method("KeepAlive", true) },
    {
      acquireSeat: (
        call: ServerUnaryCall<Buffer, Buffer>,
        answer: (failure: null, response: Buffer) => void,
      ) => {
        if (behaviour.acquireSeat?.(call) !== "hang") answer(null, Buffer.alloc(0));
      },
      keepAlive: (stream: ServerDuplexStream<Buffer, Buffer>) => behaviour.keepAlive?.(stream),
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const channel = connect(`127.0.0.1:${port}`);
  return {
    client: (options) => client(definition, channel, options),
    closeChannel: async () => channel[Symbol.asyncDispose](),
    async [Symbol.asyncDispose]() {
      await channel[Symbol.asyncDispose]();
      server.forceShutdown();
    },
  };
}

test("a call carries the method's deadline, unless it is given another", async () => {
  const left: number[] = [];
  await using kit = await running({
    acquireSeat: (call) => {
      left.push(Number(call.getDeadline()) - Date.now());
      return "answer";
    },
  });
  await kit.client().acquireSeat(request);
  await kit.client().acquireSeat(request, { deadlineMs: 30_000 });
  expect(left[0]).toBeLessThanOrEqual(2_000);
  expect(left[1]).toBeGreaterThan(2_000);
});

test("headers are asked for before each call, and told which", async () => {
  const seen: unknown[] = [];
  const asked: string[] = [];
  await using kit = await running({
    acquireSeat: ({ metadata }) => {
      seen.push(metadata.get("x-a"), metadata.get("x-b-bin"), metadata.get("x-c"));
      return "answer";
    },
  });
  const caller = kit.client({
    metadata: async ({ service, name }) => {
      asked.push(`${service}/${name}`);
      return Promise.resolve({ "x-a": "1", "x-b-bin": Buffer.from([0, 255]), "x-c": ["2", "3"] });
    },
  });
  await caller.acquireSeat(request);
  await caller.acquireSeat(request);
  expect(asked).toEqual(Array(2).fill("leasehold.seatbroker.v1.SeatBrokerService/AcquireSeat"));
  expect(seen.slice(0, 3)).toEqual([["1"], [Buffer.from([0, 255])], ["2, 3"]]);
});

test("what the headers' own function throws reaches the caller as it is, on a stream too", async () => {
  await using kit = await running({});
  const caller = kit.client({ metadata: () => Promise.reject(new RangeError("no key")) });
  await expect(caller.acquireSeat(request)).rejects.toThrow(RangeError);
  await expect(Array.fromAsync(caller.keepAlive())).rejects.toThrow(RangeError);
});

test("a call that was given up before it began is not made", async () => {
  let made = 0;
  await using kit = await running({ acquireSeat: () => ((made += 1), "answer") });
  const signal = AbortSignal.abort();
  await expect(kit.client().acquireSeat(request, { signal })).rejects.toMatchObject({
    reason: "CANCELLED",
  });
  expect(made).toBe(0);
});

test("a call that is given up is cancelled on the server", async () => {
  const entered = Promise.withResolvers<ServerUnaryCall<Buffer, Buffer>>();
  await using kit = await running({ acquireSeat: (call) => (entered.resolve(call), "hang") });
  const giveUp = new AbortController();
  const answer = kit.client().acquireSeat(request, { signal: giveUp.signal });
  const call = await entered.promise;
  giveUp.abort();
  await expect(answer).rejects.toMatchObject({ reason: "CANCELLED" });
  await expect.poll(() => call.cancelled).toBe(true);
});

test("a server that cannot be reached is told as such, within the deadline", async () => {
  await using channel = connect("127.0.0.1:1", { services: [] });
  const answer = client(definition, channel).acquireSeat(request);
  await expect(answer).rejects.toMatchObject({ reason: "DEPENDENCY_UNAVAILABLE" });
});

test("a stream that failed before anybody read it still tells how", async () => {
  const failed = Promise.withResolvers<void>();
  await using kit = await running({
    keepAlive: (stream) => {
      stream.emit("error", { code: status.UNAVAILABLE, details: "gone" });
      stream.once("close", () => failed.resolve());
      setImmediate(() => failed.resolve());
    },
  });
  const stream = kit.client().keepAlive();
  await failed.promise;
  await new Promise((resolve) => setImmediate(resolve));
  await expect(Array.fromAsync(stream)).rejects.toMatchObject({ reason: "DEPENDENCY_UNAVAILABLE" });
});

test("what is sent before a stream is open is sent once it is, in order", async () => {
  const received: number[] = [];
  await using kit = await running({
    keepAlive: (stream) => {
      stream.on("data", (message: Buffer) => received.push(message[1] ?? 0));
      stream.on("end", () => stream.end());
    },
  });
  const stream = kit.client({ metadata: () => Promise.resolve({}) }).keepAlive();
  for (const seq of [1n, 2n, 3n]) stream.send({ seq, heartbeats: [] });
  stream.end();
  stream.send({ seq: 4n, heartbeats: [] });
  expect(await Array.fromAsync(stream)).toEqual([]);
  expect(received).toEqual([1, 2, 3]);
});

test("a signal ends an open stream, and the reader learns why", async () => {
  await using kit = await running({ keepAlive: (stream) => stream.resume() });
  const giveUp = new AbortController();
  const reading = Array.fromAsync(kit.client().keepAlive({ signal: giveUp.signal }));
  setImmediate(() => giveUp.abort(new Error("going home")));
  await expect(reading).rejects.toMatchObject({
    reason: "CANCELLED",
    cause: { message: "going home" },
  });
});

test("a call whose channel is closed while its headers are made rejects with a problem", async () => {
  await using kit = await running({});
  const headers = Promise.withResolvers<Record<string, string>>();
  const calls = kit.client({ metadata: () => headers.promise });
  const unary = calls.acquireSeat(request);
  const duplex = calls.keepAlive()[Symbol.asyncIterator]().next();
  await kit.closeChannel();
  headers.resolve({});
  const closed = { name: "Problem", reason: "DEPENDENCY_UNAVAILABLE" };
  await Promise.all([
    expect(unary).rejects.toMatchObject(closed),
    expect(duplex).rejects.toMatchObject(closed),
  ]);
});
