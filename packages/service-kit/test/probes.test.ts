import { createServer } from "node:net";
import { Client, credentials, status } from "@grpc/grpc-js";
import { freePort } from "@leasehold/testkit";
import { service as healthService } from "grpc-health-check";
import { expect, test } from "vitest";
import { probe } from "../src/process/probe.ts";
import { running } from "./running-server.ts";

const address = async () => `127.0.0.1:${await freePort()}`;

/** Calls a method of the probes' listener: a serving status, or the name of the gRPC status it failed with. */
async function ask(target: string, path: string, service: string): Promise<string> {
  const client = new Client(target, credentials.createInsecure());
  const check = healthService["Check"]!;
  try {
    return await new Promise<string>((resolve) => {
      client.makeUnaryRequest(
        path,
        check.requestSerialize,
        check.responseDeserialize,
        { service },
        (failure, answer) =>
          resolve(failure ? status[failure.code] : (answer as { status: string }).status),
      );
    });
  } finally {
    client.close();
  }
}
const CHECK = "/grpc.health.v1.Health/Check";

test("probes are answered at an address of their own as at the service's", async () => {
  const healthAddress = await address();
  await using _kit = await running({ healthAddress });
  expect(await ask(healthAddress, CHECK, "")).toBe("SERVING");
  expect(await ask(healthAddress, CHECK, "leasehold.seatbroker.v1.SeatBrokerService")).toBe(
    "SERVING",
  );
  expect(await ask(healthAddress, CHECK, "none")).toBe("NOT_FOUND");
  expect(await probe(healthAddress)).toBeUndefined();
});

test("where probes are answered, nothing else is", async () => {
  const healthAddress = await address();
  await using _kit = await running({ healthAddress });
  const path = "/leasehold.seatbroker.v1.SeatBrokerService/AcquireSeat";
  expect(await ask(healthAddress, path, "")).toBe("UNIMPLEMENTED");
});

test("while a store is away the process still answers, so that nobody restarts it", async () => {
  const healthAddress = await address();
  const redis = { name: "redis", check: () => Promise.reject(new Error("gone")) };
  await using _kit = await running({ healthAddress, stores: [redis] });
  expect(await ask(healthAddress, CHECK, "")).toBe("NOT_SERVING");
  expect(await ask(healthAddress, CHECK, "process")).toBe("SERVING");
  expect(await probe(healthAddress)).toBe(`${healthAddress}: NOT_SERVING`);
});

test("a service that has left answers no probe", async () => {
  const healthAddress = await address();
  const kit = await running({ healthAddress });
  await kit[Symbol.asyncDispose]();
  expect(await probe(healthAddress)).toContain("ECONNREFUSED");
});

test("a probe of every address of this machine is asked of the loopback", async () => {
  const port = await freePort();
  await using _kit = await running({ healthAddress: `0.0.0.0:${port}` });
  expect(await probe(`0.0.0.0:${port}`)).toBeUndefined();
});

test("a service whose probes' address is taken does not serve", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => taken.once("listening", resolve));
  const { port } = taken.address() as { port: number };
  await expect(running({ healthAddress: `127.0.0.1:${port}` })).rejects.toThrow(/EADDRINUSE/);
  taken.close();
});
