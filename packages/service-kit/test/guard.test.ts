import { expect, test } from "vitest";
import { implement, serve } from "@leasehold/service-kit";
import { seatBroker } from "@leasehold/contracts";
import { bySecret, recordingLog, running } from "./running-server.ts";
import { broker, brokerDefinition, LEASE_ID } from "./sample-service.ts";

const request = { leaseId: LEASE_ID, holder: undefined, claim: undefined };

test("an allowed call is answered", async () => {
  await using kit = await running();
  const { lease } = await kit.broker("installation").acquireSeat(request);
  expect(lease?.leaseId).toEqual(LEASE_ID);
});

test.each([
  ["no credentials", undefined, "UNAUTHENTICATED"],
  ["credentials that do not count", "nobody", "UNAUTHENTICATED"],
  ["a principal of another kind", "administrator", "PERMISSION_DENIED"],
])("a call with %s is refused", async (_, secret, reason) => {
  await using kit = await running();
  await expect(kit.broker(secret).acquireSeat(request)).rejects.toMatchObject({ reason });
});

test("a principal without the method's permission is refused", async () => {
  await using kit = await running();
  const page = { parent: "", pageSize: 0, pageToken: "", filter: undefined };
  await expect(kit.broker("reader").listSeats(page)).resolves.toBeDefined();
  const creation = { requestId: "", customer: undefined };
  await expect(kit.issuer("reader").createCustomer(creation)).rejects.toMatchObject({
    reason: "PERMISSION_DENIED",
  });
});

test("a service that the method's rule does not name is refused, whatever it is permitted", async () => {
  await using kit = await running();
  const first = async (secret: string) => {
    for await (const { feedRevision } of kit
      .issuer(secret)
      .watchLicenses({ afterFeedRevision: 0n }))
      return feedRevision;
    return undefined;
  };
  await expect(first("service")).resolves.toBe(1n);
  await expect(first("console")).rejects.toMatchObject({ reason: "PERMISSION_DENIED" });
});

test("a method that is open to anyone does not look at credentials", async () => {
  await using kit = await running();
  await expect(kit.issuer("nobody").getTrustBundle({})).resolves.toEqual({ trustBundle: "trust" });
});

test("a refused call never reaches its handler", async () => {
  let reached = false;
  const acquireSeat = () => {
    reached = true;
    return Promise.resolve({ lease: undefined, warnings: [] });
  };
  await using kit = await running({ bindings: [broker({ acquireSeat })] });
  await expect(kit.broker("administrator").acquireSeat(request)).rejects.toMatchObject({
    reason: "PERMISSION_DENIED",
  });
  expect(reached).toBe(false);
});

test("a service with a method that has no rule does not start", async () => {
  const { acquireSeat } = seatBroker.SeatBrokerServiceDefinition.methods;
  const unruled = {
    ...brokerDefinition,
    methods: { acquireSeat: { ...acquireSeat, options: {} } },
  } as const;
  const binding = implement(unruled, {
    acquireSeat: () => Promise.resolve({ lease: undefined, warnings: [] }),
  });
  const starting = serve({
    address: "127.0.0.1:0",
    bindings: [binding],
    authenticate: bySecret,
    log: recordingLog(),
  });
  await expect(starting).rejects.toThrow("SeatBrokerService/AcquireSeat has no rule");
});

test("plaintext beyond this machine must be allowed", async () => {
  const starting = serve({
    address: "0.0.0.0:0",
    bindings: [broker()],
    authenticate: bySecret,
    log: recordingLog(),
  });
  await expect(starting).rejects.toThrow("not loopback");
});

test("a call that is refused for credentials is refused before its message is read", async () => {
  await using kit = await running();
  const oversize = { leaseId: Buffer.alloc(100_000), holder: undefined, claim: undefined };
  await expect(kit.broker().acquireSeat(oversize)).rejects.toMatchObject({
    reason: "UNAUTHENTICATED",
  });
});
