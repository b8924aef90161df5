import { once } from "node:events";
import { createServer } from "node:http2";
import { createServer as createTlsServer } from "node:tls";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { issuer } from "@leasehold/contracts";
import {
  type CertificateAuthority,
  type CertificateOptions,
  createCertificateAuthority,
} from "@leasehold/dev-certificates";
import { client, connect, type ConnectOptions } from "@leasehold/rpc-client";
import { beforeAll, expect, onTestFinished, test } from "vitest";

const DAY_MS = 86_400_000;

let authority: CertificateAuthority;
let authorities: string;
beforeAll(async () => {
  authority = await createCertificateAuthority();
  ({ authorities } = authority);
});

/** A server that has no method at all; whoever gets to it is told so. @returns its port */
async function serverWith(facts: CertificateOptions): Promise<number> {
  const { certificate, key } = await authority.issue(facts);
  const pair = { cert_chain: Buffer.from(certificate), private_key: Buffer.from(key) };
  const server = new Server();
  onTestFinished(() => server.forceShutdown());
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createSsl(null, [pair]), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}

/** How a call ends: in INTERNAL, if it got to the server. */
async function outcome(address: string, options: ConnectOptions): Promise<unknown> {
  await using channel = connect(address, options);
  const call = client(issuer.IssuerServiceDefinition, channel).getTrustBundle({});
  return await call.catch((problem: unknown) => problem);
}

const reached = { reason: "INTERNAL" };
const untrusted = (fault: string) => ({ reason: "SERVER_UNTRUSTED", metadata: { fault } });

test("a server is known by the authority of its certificate, at an address or a name", async () => {
  const warnings: Error[] = [];
  const warned = (warning: Error): void => void warnings.push(warning);
  process.on("warning", warned);
  onTestFinished(() => void process.off("warning", warned));
  const port = await serverWith({ hosts: ["127.0.0.1", "localhost"] });
  for (const host of ["127.0.0.1", "localhost"])
    expect(await outcome(`${host}:${port}`, { authorities })).toMatchObject(reached);
  expect(warnings).toEqual([]);
});

test("on this machine a server is spoken to in plaintext unless authorities are named", async () => {
  const port = await serverWith({ hosts: ["127.0.0.1"] });
  expect(await outcome(`127.0.0.1:${port}`, {})).toMatchObject({
    reason: "DEPENDENCY_UNAVAILABLE",
  });
});

test("a server of another authority is told from one that does not answer", async () => {
  const port = await serverWith({ hosts: ["127.0.0.1"] });
  const other = await createCertificateAuthority("Somebody else");
  expect(await outcome(`127.0.0.1:${port}`, other)).toMatchObject(untrusted("untrusted"));
  expect(await outcome("127.0.0.1:1", { authorities })).toMatchObject({
    reason: "DEPENDENCY_UNAVAILABLE",
  });
});

test.each([
  ["127.0.0.1", ["127.0.0.2", "localhost"]],
  ["127.0.0.1", ["leasehold.invalid"]],
  ["localhost", ["127.0.0.1", "other.example"]],
  ["localhost", []],
])("at %s, a certificate of %j is of another name", async (host, hosts) => {
  const port = await serverWith({ hosts });
  expect(await outcome(`${host}:${port}`, { authorities })).toMatchObject(untrusted("other-name"));
});

test.each([
  ["over", { notBefore: Date.now() - 2 * DAY_MS, notAfter: Date.now() - DAY_MS }],
  ["of a later time", { notBefore: Date.now() + DAY_MS, notAfter: Date.now() + 2 * DAY_MS }],
])("a certificate that is %s does not count", async (_, term) => {
  const port = await serverWith({ hosts: ["127.0.0.1"], ...term });
  expect(await outcome(`127.0.0.1:${port}`, { authorities })).toMatchObject(untrusted("expired"));
});

test("a server without TLS is told as such", async () => {
  const plain = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void plain.close());
  await once(plain, "listening");
  const { port } = plain.address() as { port: number };
  expect(await outcome(`127.0.0.1:${port}`, { authorities })).toMatchObject(untrusted("no-tls"));
});

test("so is one that knows older versions only", async () => {
  const { certificate: cert, key } = await authority.issue({ hosts: ["127.0.0.1"] });
  const old = createTlsServer({ cert, key, maxVersion: "TLSv1.2" }).listen(0, "127.0.0.1");
  onTestFinished(() => void old.close());
  await once(old, "listening");
  const { port } = old.address() as { port: number };
  expect(await outcome(`127.0.0.1:${port}`, { authorities })).toMatchObject(untrusted("no-tls"));
});
