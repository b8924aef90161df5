import { setTimeout as sleep } from "node:timers/promises";
import { createSecureContext } from "node:tls";
import { type CertificateOptions, createCertificateAuthority } from "@leasehold/dev-certificates";
import { client, connect } from "@leasehold/rpc-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { knock, type Secured, secured, uriOf } from "./secured-server.ts";
import { brokerDefinition, issuerDefinition } from "./sample-service.ts";

const DAY_MS = 86_400_000;

let kit: Secured;
let ca: string;
beforeAll(async () => {
  kit = await secured();
  ca = kit.authority.authorities;
});
afterAll(() => kit[Symbol.asyncDispose]());

/** Whoever comes to the internal listener with a certificate of these facts. */
async function visitor(facts: CertificateOptions, authority = kit.authority) {
  const { certificate: cert, key } = await authority.issue(facts);
  return { ca, cert, key };
}

const activation = { uris: [uriOf("activation")] };

test("everybody who speaks TLS 1.3 is received in public, and asked for no certificate", async () => {
  expect(await knock(kit.server.address, { ca })).toMatchObject({ kind: "received" });
});

test("TLS 1.2 is refused, at either listener", async () => {
  const old = { ...(await visitor(activation)), maxVersion: "TLSv1.2" } as const;
  for (const address of [kit.server.address, kit.internalAddress])
    expect(await knock(address, old)).toEqual({
      kind: "refused",
      code: "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
    });
});

test("whoever does not speak HTTP/2 is refused", async () => {
  const other = { ca, ALPNProtocols: ["http/1.1"] };
  expect(await knock(kit.server.address, other)).toMatchObject({ kind: "refused" });
  expect(await knock(kit.server.address, { ca, ALPNProtocols: [] })).toMatchObject({
    kind: "refused",
  });
});

test("a service of the cluster is received where services are", async () => {
  expect(await knock(kit.internalAddress, await visitor(activation))).toMatchObject({
    kind: "received",
  });
});

test("there, a client without a certificate is refused", async () => {
  expect(await knock(kit.internalAddress, { ca })).toMatchObject({ kind: "refused" });
});

test("there, a certificate of another authority is refused, whatever it says", async () => {
  const foreign = await createCertificateAuthority("Leasehold development");
  const intruder = await visitor(activation, foreign);
  expect(await knock(kit.internalAddress, intruder)).toMatchObject({ kind: "refused" });
});

test.each([
  ["that is over", { notBefore: Date.now() - 2 * DAY_MS, notAfter: Date.now() - DAY_MS }],
  ["of a later time", { notBefore: Date.now() + DAY_MS, notAfter: Date.now() + 2 * DAY_MS }],
])("there, a certificate %s is refused", async (_, term) => {
  const late = await visitor({ ...activation, ...term });
  expect(await knock(kit.internalAddress, late)).toMatchObject({ kind: "refused" });
});

test("there, a session that is taken up again does not outlive the certificate that it began with", async () => {
  const notAfter = Math.ceil(Date.now() / 1_000) * 1_000 + 2_000;
  const brief = await visitor({ ...activation, notAfter });
  const first = await knock(kit.internalAddress, brief);
  if (first.kind !== "received") throw new Error(`refused: ${first.code}`);
  const again = () => knock(kit.internalAddress, { ...brief, session: first.session });
  expect(await again()).toMatchObject({ kind: "received", resumed: true });
  await sleep(notAfter + 1_000 - Date.now());
  expect(await again()).toMatchObject({ kind: "refused" });
});

test.each([
  ["another trust domain", [uriOf("activation", { trustDomain: "x.y", trustNamespace: "test" })]],
  [
    "another namespace",
    [uriOf("activation", { trustDomain: "leasehold.local", trustNamespace: "prod" })],
  ],
  ["two names", [uriOf("activation"), uriOf("seat-broker")]],
  ["no name", []],
])("there, a certificate of %s is refused, though it verifies", async (_, uris) => {
  const stranger = await visitor({ uris, hosts: ["client.example"] });
  expect(await knock(kit.internalAddress, stranger)).toMatchObject({ kind: "refused" });
  await expect
    .poll(() => kit.log.entries.filter(({ message }) => message === "connections were refused"))
    .not.toEqual([]);
});

test("a service is known by the certificate of its connection, and needs no secret", async () => {
  const service = await visitor(activation);
  await using channel = connect(kit.internalAddress, { tls: asService(service) });
  const steps = client(issuerDefinition, channel).watchLicenses({});
  const told: unknown[] = [];
  for await (const step of steps) told.push(step);
  expect(told).toHaveLength(2);
  expect(kit.log.entries.map(({ facts }) => facts["principal"])).toContain("service:activation");
});

test("what a service may do is not widened by a secret that it shows beside", async () => {
  const service = await visitor(activation);
  await using channel = connect(kit.internalAddress, { tls: asService(service) });
  const metadata = () => ({ authorization: "administrator" });
  const call = client(issuerDefinition, channel, { metadata }).createCustomer({});
  await expect(call).rejects.toMatchObject({ reason: "PERMISSION_DENIED" });
});

test("a method of services is not served in public, whoever asks", async () => {
  const read = async (secret?: string) => {
    for await (const _ of kit.as(issuerDefinition, secret).watchLicenses({}));
  };
  for (const secret of ["service", "administrator", undefined])
    await expect(read(secret)).rejects.toMatchObject({ reason: "PERMISSION_DENIED" });
});

test("a service's bearer secret does not count in public", async () => {
  const call = kit.as(brokerDefinition, "service").listSeats({});
  await expect(call).rejects.toMatchObject({ reason: "UNAUTHENTICATED" });
  expect(await kit.as(brokerDefinition, "administrator").listSeats({})).toMatchObject({
    seats: [],
  });
});

test("a service calls the service that it means, and no other", async () => {
  await using right = connect(kit.internalAddress, kit.transport.to("issuer"));
  expect(await client(issuerDefinition, right).getTrustBundle({})).toEqual({
    trustBundle: "trust",
  });
  await using wrong = connect(kit.internalAddress, kit.transport.to("activation"));
  await expect(client(issuerDefinition, wrong).getTrustBundle({})).rejects.toMatchObject({
    reason: "SERVER_UNTRUSTED",
    metadata: { fault: "other-name" },
  });
});

test("a client that trusts another authority is told so, and sends nothing", async () => {
  const { authorities } = await createCertificateAuthority("Somebody else");
  await using channel = connect(kit.server.address, { authorities });
  await expect(client(issuerDefinition, channel).getTrustBundle({})).rejects.toMatchObject({
    reason: "SERVER_UNTRUSTED",
    metadata: { fault: "untrusted" },
  });
});

function asService({ ca, cert, key }: Awaited<ReturnType<typeof visitor>>) {
  const context = createSecureContext({ ca, cert, key, minVersion: "TLSv1.3" });
  return { context: () => context, identify: () => undefined };
}
