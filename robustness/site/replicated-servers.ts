import { guardedFolder, type RedisNode, type ServerPlacing, sourceOf } from "@leasehold/testkit";
import { FaultProxy } from "./fault-proxy.ts";
import type { SeatServer } from "./redis-site.ts";
import { type SteppedClock, steppedClock } from "./stepped-clock.ts";
import { withRedis } from "./with-redis.ts";

/** How replicated servers are placed: each with a clock of its own, and found through proxies alone. */
export interface Placed extends AsyncDisposable {
  readonly placing: ServerPlacing;
  readonly hasClocks: boolean;
  /** The servers once they are started, in their order. */
  serversOf(nodes: readonly RedisNode[]): readonly SeatServer[];
  /** Cuts a server from all others; clients are not concerned. @returns what ends that */
  cutOff(server: number): () => void;
}

interface Way {
  readonly server: number;
  readonly proxy: FaultProxy;
}

/** @param seatBrokers how many there are: each logs in under a name of its own */
export async function placed(servers: number, seatBrokers: number): Promise<Placed> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await guardedFolder("clocks"));
  const clocks = await Promise.all(
    Array.from({ length: servers }, (_, server) => steppedClock(folder.path, `clock-${server}`)),
  );
  const ways: Way[] = [];
  const users = Array.from({ length: seatBrokers }, (_, number) => seatBrokerUser(number));
  const letGo = stack.move();
  return {
    placing: {
      preload: (server) => clocks[server]?.library,
      way: async (port, server) => {
        const proxy = letGo.use(await FaultProxy.open(port));
        ways.push({ server, proxy });
        return proxy.port;
      },
      users,
    },
    hasClocks: clocks.every((clock) => clock !== undefined),
    serversOf: (nodes) => nodes.map((node, server) => serverOf(node, clocks[server], users)),
    cutOff: (server) => {
      const own = sourceOf("data", server);
      for (const way of ways)
        way.proxy.cutOff(
          way.server === server ? (source) => !isClient(source) : (source) => source === own,
        );
      return () => {
        for (const way of ways) way.proxy.letIn();
      };
    },
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}

/** Whom a seat-broker logs in as. @param number from 0 */
export function seatBrokerUser(number: number): string {
  return `seat-broker-${number}`;
}

/** Lets a user log in no more at these servers, or again, and ends the connections that it has. */
export async function shut(urls: readonly string[], user: string): Promise<void> {
  await Promise.all(
    urls.map((url) =>
      withRedis(url, async (redis) => {
        await redis.call("ACL", "SETUSER", user, "off");
        await redis.call("CLIENT", "KILL", "USER", user);
      }),
    ),
  );
}

/** Lets a user log in again at these servers. */
export async function open(urls: readonly string[], user: string): Promise<void> {
  await Promise.all(
    urls.map((url) => withRedis(url, (redis) => redis.call("ACL", "SETUSER", user, "on"))),
  );
}

function serverOf(
  node: RedisNode,
  clock: SteppedClock | undefined,
  users: readonly string[],
): SeatServer {
  return {
    url: node.url,
    kill: () => node.kill(),
    restart: async () => {
      await node.restart();
      // When sentinels gave it another role it wrote down who was shut out at that time.
      await Promise.all(users.map((user) => open([node.url], user)));
    },
    pause: () => node.pause(),
    resume: () => node.resume(),
    clock,
  };
}

function isClient(source: string): boolean {
  return source === "127.0.0.1";
}
