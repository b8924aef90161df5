import { Client, credentials } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { running } from "./running-server.ts";

test("with reflection on, a tool learns which services are served", async () => {
  await using kit = await running({ reflection: true });
  const raw = new Client(kit.server.address, credentials.createInsecure());
  const stream = raw.makeBidiStreamRequest(
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    (bytes: Buffer) => bytes,
    (bytes: Buffer) => bytes.toString("latin1"),
  );
  stream.end(Buffer.from([0x3a, 0x00])); // list_services: ""
  const answers = (await Array.fromAsync(stream as AsyncIterable<string>)).join("");
  raw.close();
  expect(answers).toContain("leasehold.seatbroker.v1.SeatBrokerService");
  expect(answers).not.toContain("ActivationService");
});

test("without it, the server does not know the method", async () => {
  await using kit = await running();
  const raw = new Client(kit.server.address, credentials.createInsecure());
  const stream = raw.makeBidiStreamRequest(
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    (bytes: Buffer) => bytes,
    (bytes: Buffer) => bytes,
  );
  await expect(Array.fromAsync(stream as AsyncIterable<Buffer>)).rejects.toMatchObject({
    code: 12,
  });
  raw.close();
});
