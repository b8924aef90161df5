import { once } from "node:events";
import { createServer, connect, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { FaultProxy } from "./fault-proxy.ts";

/** A server that answers everything with the same again, a proxy before it, and a client. */
async function echoed(): Promise<{
  readonly proxy: FaultProxy;
  readonly client: (by?: "proxy" | "itself") => Promise<Client>;
}> {
  const arrived: string[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      arrived.push(String(bytes));
      socket.write(bytes);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const proxy = await FaultProxy.open(port);
  onTestFinished(async () => {
    await proxy[Symbol.asyncDispose]();
    server.close();
  });
  return {
    proxy,
    client: async (by = "proxy") => {
      const socket = connect(by === "proxy" ? proxy.port : port, "127.0.0.1");
      onTestFinished(() => void socket.destroy());
      const told = { arrived, answers: "", ended: false, socket };
      socket.on("data", (bytes) => (told.answers += String(bytes)));
      socket.on("error", () => undefined);
      socket.on("close", () => (told.ended = true));
      await once(socket, "connect");
      return told;
    },
  };
}

interface Client {
  readonly arrived: readonly string[];
  readonly socket: Socket;
  answers: string;
  ended: boolean;
}

test("a proxy passes bytes on, both ways", async () => {
  const { client } = await echoed();
  const one = await client();
  one.socket.write("hello");
  await expect.poll(() => one.answers).toBe("hello");
});

test("what is held up arrives later", async () => {
  const { proxy, client } = await echoed();
  const one = await client();
  proxy.mode = { kind: "hold" };
  one.socket.write("hello");
  const another = await client();
  another.socket.write("again");
  const direct = await client("itself");
  direct.socket.write("now");
  await expect.poll(() => direct.answers).toBe("now");
  expect(one.arrived).toEqual(["now"]);
  proxy.mode = { kind: "pass" };
  await expect.poll(() => one.answers + another.answers).toBe("helloagain");
});

test("where replies are swallowed, requests arrive, and afterwards the connection is gone", async () => {
  const { proxy, client } = await echoed();
  const one = await client();
  proxy.mode = { kind: "swallow replies" };
  one.socket.write("hello");
  await expect.poll(() => one.arrived).toEqual(["hello"]);
  proxy.mode = { kind: "pass" };
  await expect.poll(() => one.ended).toBe(true);
  expect(one.answers).toBe("");
});

test("what falls into a black hole is lost, and afterwards the connection is gone", async () => {
  const { proxy, client } = await echoed();
  const one = await client();
  proxy.mode = { kind: "blackhole" };
  one.socket.write("hello");
  proxy.mode = { kind: "pass" };
  await expect.poll(() => one.ended).toBe(true);
  expect(one.arrived).toEqual([]);
});

test("where connections are refused there are none", async () => {
  const { proxy, client } = await echoed();
  const one = await client();
  proxy.mode = { kind: "refuse" };
  await expect.poll(() => one.ended).toBe(true);
  await expect(client()).rejects.toThrow("ECONNRESET");
});

test("a delay keeps the order", async () => {
  const { proxy, client } = await echoed();
  const one = await client();
  proxy.mode = { kind: "delay", ms: 5 };
  for (const word of ["one", "two", "three"]) one.socket.write(word);
  await expect.poll(() => one.answers).toBe("onetwothree");
});
