import { brokerDefinition, issuerDefinition } from "./sample-service.ts";
import { knock, type Secured, secured, uriOf } from "./secured-server.ts";
import { client, connect } from "@leasehold/rpc-client";
import { afterEach, beforeEach, expect, test } from "vitest";

let kit: Secured;
beforeEach(async () => {
  kit = await secured();
});
afterEach(() => kit[Symbol.asyncDispose]());

async function shown(): Promise<string> {
  const reception = await knock(kit.server.address, { ca: kit.authority.authorities });
  return reception.kind === "received" ? reception.fingerprint : "";
}

const logged = (message: string) =>
  kit.certificateLog.entries.filter((entry) => entry.message === message);

test("new connections get the new certificate, while an open stream goes on", async () => {
  const before = await shown();
  const stream = kit.as(brokerDefinition, "installation").keepAlive();
  const answers = stream[Symbol.asyncIterator]();
  stream.send({ seq: 1n, heartbeats: [] });
  expect(await answers.next()).toMatchObject({ value: { seq: 1n } });
  await kit.write("server", await kit.authority.issue({ hosts: ["127.0.0.1"] }));
  await expect.poll(shown).not.toBe(before);
  stream.send({ seq: 2n, heartbeats: [] });
  expect(await answers.next()).toMatchObject({ value: { seq: 2n } });
  stream.end();
  expect(logged("the certificate was exchanged")).toHaveLength(1);
});

test("what cannot be used is logged, and the certificate of before stays", async () => {
  const before = await shown();
  const fresh = await kit.authority.issue({ hosts: ["127.0.0.1"] });
  for (const broken of [
    { ...fresh, certificate: "no certificate" },
    { ...fresh, key: (await kit.authority.issue({})).key },
  ]) {
    const told = logged("the new certificate is not usable").length;
    await kit.write("server", broken);
    await expect
      .poll(() => logged("the new certificate is not usable").length)
      .toBeGreaterThan(told);
    expect(await shown()).toBe(before);
  }
  await kit.write("server", fresh);
  await expect.poll(shown).not.toBe(before);
});

test("a service calls others with its new certificate", async () => {
  const call = async () => {
    await using channel = connect(kit.internalAddress, kit.transport.to("seat-broker"));
    return await client(issuerDefinition, channel)
      .getTrustBundle({})
      .then(
        () => "answered",
        ({ reason }: { readonly reason: string }) => reason,
      );
  };
  // It is its own counterpart here: what it calls with is also what answers.
  expect(await call()).toBe("SERVER_UNTRUSTED");
  await kit.write("service", await kit.authority.issue({ uris: [uriOf("seat-broker")] }));
  await expect.poll(call).toBe("answered");
  const principals = kit.log.entries.map(({ facts }) => facts["principal"]);
  expect(principals).not.toContain("service:issuer");
});

test("a certificate that is over is told of, shown to nobody's liking, and replaced without a restart", async () => {
  const hour = 3_600_000;
  const past = { notBefore: Date.now() - 10 * hour, notAfter: Date.now() - hour };
  await kit.write("server", await kit.authority.issue({ hosts: ["127.0.0.1"], ...past }));
  await expect.poll(() => logged("the certificate is over")).toHaveLength(1);
  expect(logged("the certificate is over")[0]).toMatchObject({
    level: "error",
    facts: { certificate: "server" },
  });
  await using channel = connect(kit.server.address, { authorities: kit.authority.authorities });
  const call = () =>
    client(issuerDefinition, channel)
      .getTrustBundle({})
      .then(
        () => "answered",
        ({ reason }: { readonly reason: string }) => reason,
      );
  expect(await call()).toBe("SERVER_UNTRUSTED");
  await kit.write("server", await kit.authority.issue({ hosts: ["127.0.0.1"] }));
  await expect.poll(call).not.toBe("SERVER_UNTRUSTED");
});

test("a certificate that is near its end is told of", async () => {
  const hour = 3_600_000;
  const short = { notBefore: Date.now() - 10 * hour, notAfter: Date.now() + hour };
  await kit.write("server", await kit.authority.issue({ hosts: ["127.0.0.1"], ...short }));
  await expect.poll(() => logged("the certificate is near its end")).toHaveLength(1);
  expect(logged("the certificate is near its end")[0]).toMatchObject({
    level: "warn",
    facts: { certificate: "server" },
  });
});
