import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { running, type Running } from "./running-server.ts";
import { secured } from "./secured-server.ts";

const SOON = { openingMs: 150 };

function dial(address: string): Socket {
  const [host, port] = address.split(":");
  const socket = connectTcp({ host, port: Number(port) });
  socket.on("error", () => undefined);
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** Resolves when the server has closed the connection. */
function closed(socket: Socket): Promise<"closed"> {
  socket.resume();
  return new Promise((resolve) => {
    if (socket.closed) resolve("closed");
    else socket.once("close", () => resolve("closed"));
  });
}

/** Resolves when the server has begun to speak: the connection is let in. */
function letIn(socket: Socket): Promise<"let in"> {
  return new Promise((resolve) => {
    socket.once("data", () => resolve("let in"));
  });
}

const refusals = (kit: Running) =>
  kit.log.entries.filter(({ message }) => message === "connections were refused");

test("so many connections of one address are let in, and one more when one is gone", async () => {
  await using kit = await running({ connections: { perNetwork: 3 } });
  const channel = await kit.issuer().getTrustBundle({});
  expect(channel).toEqual({ trustBundle: "trust" });
  const [first, second] = [dial(kit.server.address), dial(kit.server.address)];
  expect(await Promise.all([letIn(first), letIn(second)])).toEqual(["let in", "let in"]);
  expect(await closed(dial(kit.server.address))).toBe("closed");
  expect(refusals(kit)[0]).toMatchObject({
    level: "warn",
    facts: { listener: "public", refused: { "network-full": 1 } },
  });
  first.destroy();
  const another = () => {
    const socket = dial(kit.server.address);
    return Promise.race([letIn(socket), closed(socket)]);
  };
  await expect.poll(another).toBe("let in");
});

test("so many connections in all are let in", async () => {
  await using kit = await running({ connections: { all: 1 } });
  expect(await letIn(dial(kit.server.address))).toBe("let in");
  expect(await closed(dial(kit.server.address))).toBe("closed");
  expect(refusals(kit)[0]).toMatchObject({ facts: { refused: { full: 1 } } });
});

test("a crowd that is refused makes few lines, which count all of it", async () => {
  await using kit = await running({ connections: { all: 1 } });
  await letIn(dial(kit.server.address));
  await Promise.all(Array.from({ length: 50 }, () => closed(dial(kit.server.address))));
  await kit.server.drain();
  const counts = refusals(kit).map(({ facts }) => (facts["refused"] as { full: number }).full);
  expect(counts.reduce((a, b) => a + b)).toBe(50);
  expect(counts.length).toBeLessThan(10);
});

test("a connection that says nothing is closed, and one that opened HTTP/2 stays", async () => {
  await using kit = await running({ connections: SOON });
  const session = connectHttp2(`http://${kit.server.address}`);
  onTestFinished(() => session.destroy());
  await once(session, "remoteSettings");
  const silent = dial(kit.server.address);
  expect(await closed(silent)).toBe("closed");
  expect(session.destroyed).toBe(false);
  const [error] = await new Promise<[Error | null]>((done) => session.ping((e) => done([e])));
  expect(error).toBeNull();
  expect(refusals(kit)[0]).toMatchObject({ facts: { refused: { silent: 1 } } });
});

test("a preface that comes byte by byte is closed in time", async () => {
  await using kit = await running({ connections: SOON });
  const slow = dial(kit.server.address);
  const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  let sent = 0;
  const dripping = setInterval(() => slow.write(preface.subarray(sent, (sent += 1))), 40);
  onTestFinished(() => clearInterval(dripping));
  expect(await closed(slow)).toBe("closed");
  expect(sent).toBeLessThan(preface.length);
});

test("a TLS handshake that is not begun, or not followed by HTTP/2, is closed in time", async () => {
  await using kit = await secured({ connections: SOON });
  for (const address of [kit.server.address, kit.internalAddress])
    expect(await closed(dial(address))).toBe("closed");
  const [host, port] = kit.server.address.split(":");
  const idle = connectTls({
    host,
    port: Number(port),
    ca: kit.authority.authorities,
    ALPNProtocols: ["h2"],
  });
  idle.on("error", () => undefined);
  await once(idle, "secureConnect");
  expect(await closed(idle)).toBe("closed");
});

test("a server that leaves takes no connection more, and closes those that do nothing", async () => {
  const kit = await secured();
  const silent = dial(kit.server.address);
  const inside = dial(kit.internalAddress);
  await Promise.all([once(silent, "connect"), once(inside, "connect")]);
  await kit.server.drain();
  expect(await Promise.all([closed(silent), closed(inside)])).toEqual(["closed", "closed"]);
  const late = dial(kit.server.address);
  expect(await closed(late)).toBe("closed");
  await kit[Symbol.asyncDispose]();
});

test("beyond this machine, nothing is served in plaintext unless it is told to", async () => {
  await expect(running({ address: "0.0.0.0:0" })).rejects.toThrow("is not loopback");
  await using told = await running({ address: "0.0.0.0:0", plaintext: true }, { plaintext: true });
  expect(told.server.port).toBeGreaterThan(0);
});

test("a listener for services without certificates is refused", async () => {
  await expect(running({ internalAddress: "127.0.0.1:0" })).rejects.toThrow("needs certificates");
});
