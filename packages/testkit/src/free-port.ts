import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { once } from "node:events";

/**
 * Below the ephemeral ranges of Linux (from 32768) and macOS (from 49152): no outgoing
 * connection ever takes such a port, so a server gets its own back when it is started again.
 */
const FIRST = 20_000;
const END = 32_000;
const TRIES = 50;

/** A loopback port that nobody listens on now. Another process may take it: callers try again. */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const port = randomInt(FIRST, END);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free loopback port among ${TRIES} between ${FIRST} and ${END}`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ port, host: "127.0.0.1", exclusive: true });
    await once(server, "listening");
    server.close();
    await once(server, "close");
    return true;
  } catch {
    return false;
  }
}
