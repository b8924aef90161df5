import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, test } from "vitest";
import { clientOf } from "../src/redis-link.ts";
import { redisTarget } from "../src/redis-target.ts";
import { untilReady } from "../src/until-ready.ts";

const TOLD = [
  "# Persistence\r\nloading:1\r\nloading_eta_seconds:3600\r\n",
  "# Persistence\r\nloading:0\r\n",
];

test("a server that believes to read its data for another hour is asked again at once", async () => {
  const told = [...TOLD];
  await using server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      for (const [command] of String(bytes).matchAll(/^(?:info|hello|client|auth|select)$/gim)) {
        const info = command.toLowerCase() === "info" ? told.shift() : undefined;
        socket.write(info === undefined ? "+OK\r\n" : `$${info.length}\r\n${info}\r\n`);
      }
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const address = { host: "127.0.0.1", port };
  const client = clientOf(redisTarget(`redis://127.0.0.1:${port}`), address, 1_000);
  client.connect().catch(() => undefined);
  try {
    await untilReady(client, 3_000);
    expect(told).toEqual([]);
  } finally {
    client.disconnect();
  }
});
