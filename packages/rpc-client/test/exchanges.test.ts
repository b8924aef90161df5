import { Server, ServerCredentials, type ServerDuplexStream, status } from "@grpc/grpc-js";
import { seatBroker } from "@leasehold/contracts";
import { client, connect, type Exchange } from "@leasehold/rpc-client";
import { expect, test } from "vitest";

const definition = seatBroker.SeatBrokerServiceDefinition;
const CANARY = "canary-of-a-secret";

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

/** What is told of the calls that are made. */
async function told(
  calls: (service: ReturnType<typeof client<typeof definition>>) => Promise<unknown>,
): Promise<readonly Exchange[]> {
  const lease = { leaseId: Buffer.alloc(32, 1), token: Buffer.from(CANARY) };
  const answer = Buffer.from(
    seatBroker.AcquireSeatResponse.encode(
      seatBroker.AcquireSeatResponse.fromPartial({ lease }),
    ).finish(),
  );
  const server = new Server();
  server.addService(
    {
      acquireSeat: method("AcquireSeat", false),
      releaseSeat: method("ReleaseSeat", false),
      keepAlive: method("KeepAlive", true),
    },
    {
      acquireSeat: (_: unknown, reply: (failure: null, response: Buffer) => void) =>
        reply(null, answer),
      releaseSeat: (_: unknown, reply: (failure: object) => void) =>
        reply({ code: status.NOT_FOUND, details: CANARY }),
      keepAlive: (stream: ServerDuplexStream<Buffer, Buffer>) => {
        stream.write(Buffer.from([8, 1]));
        stream.on("data", () => stream.end());
      },
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const exchanges: Exchange[] = [];
  const onExchange = (exchange: Exchange) => void exchanges.push(exchange);
  try {
    await using channel = connect(`127.0.0.1:${port}`, { onExchange });
    const metadata = () => ({ authorization: `Bearer ${CANARY}` });
    await calls(client(definition, channel, { metadata }));
  } finally {
    server.forceShutdown();
  }
  return exchanges;
}

test("a call is told with its sizes and how it ended, and nothing of what was in it", async () => {
  const exchanges = await told(async (service) => {
    const holder = { user: CANARY };
    await service.acquireSeat({ leaseId: Buffer.from(CANARY), holder });
    await service.releaseSeat({ leaseId: Buffer.from(CANARY) }).catch(() => undefined);
  });
  const common = {
    time: expect.any(Number) as number,
    direction: "sent",
    durationMs: expect.any(Number) as number,
  };
  expect(exchanges).toEqual([
    {
      ...common,
      method: `${definition.fullName}/AcquireSeat`,
      outcome: "OK",
      requestBytes: 42,
      responseBytes: 56,
    },
    {
      ...common,
      method: `${definition.fullName}/ReleaseSeat`,
      outcome: "NOT_FOUND",
      requestBytes: 20,
      responseBytes: 0,
    },
  ]);
  expect(JSON.stringify(exchanges)).not.toContain(CANARY);
});

test("of a stream each message that comes is told, and its end", async () => {
  const exchanges = await told(async (service) => {
    const stream = service.keepAlive();
    stream.send({ seq: 7n, heartbeats: [] });
    await Array.fromAsync(stream);
  });
  expect(exchanges.map(({ direction, outcome }) => [direction, outcome])).toEqual([
    ["received", "MESSAGE"],
    ["sent", "OK"],
  ]);
  expect(exchanges[1]).toMatchObject({ requestBytes: 2, responseBytes: 2 });
});
