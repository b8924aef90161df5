import type { RedisConnection } from "@leasehold/store-kit";
import type { Redis } from "ioredis";
import type { Network } from "./network.ts";
import type { NodeCall, RedisNode } from "./redis-node.ts";
import type { VirtualProcess } from "./virtual-process.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** What a seat-broker's way to Redis consists of. */
export interface RedisWayPorts {
  readonly time: VirtualTime;
  readonly network: Network;
  readonly broker: VirtualProcess;
  /** The node that the broker is connected to now. */
  readonly node: () => RedisNode;
  readonly commandTimeoutMs: number;
}

type Reply = readonly [error: Error | null, reply: unknown];
type Value = string | number | Buffer;

/**
 * A connection to a simulated Redis, in place of ioredis: what the broker sends is put on the
 * network, and fails as it does there when no reply has come in time.
 */
export function redisWay(ports: RedisWayPorts): RedisConnection {
  const client = {
    call: async (_command: string, sha1: string, count: number, ...values: Value[]) => {
      const [[error, reply] = LOST] = await exchange(ports, [callOf(sha1, count, values)]);
      if (error) throw error;
      return reply;
    },
    pipeline: () => {
      const calls: NodeCall[] = [];
      return {
        evalsha: (sha1: string, count: number, ...values: Value[]) =>
          void calls.push(callOf(sha1, count, values)),
        exec: () => exchange(ports, calls),
      };
    },
  };
  const link = () => {
    const { name } = ports.node();
    return { name, address: { host: name, port: 0 }, client: client as unknown as Redis };
  };
  const nothing = (): Promise<undefined> => Promise.resolve(undefined);
  return {
    nodeOf: () => link().name,
    nodes: () => [link().name],
    replication: [],
    commandTimeoutMs: ports.commandTimeoutMs,
    routes: {
      linkOf: link,
      links: () => [link()],
      wayAfter: nothing,
      [Symbol.asyncDispose]: nothing,
    },
    [Symbol.asyncDispose]: nothing,
  };
}

const LOST: Reply = [new Error("Command timed out"), undefined];

function callOf(sha1: string, count: number, values: readonly Value[]): NodeCall {
  return { sha1, keys: values.slice(0, count).map(String), args: values.slice(count) };
}

/** All calls in one message, all replies in another. */
function exchange(ports: RedisWayPorts, calls: readonly NodeCall[]): Promise<readonly Reply[]> {
  const { network, broker, commandTimeoutMs, time } = ports;
  const node = ports.node();
  return new Promise((resolve) => {
    const timer = broker.setTimer(commandTimeoutMs, () => resolve(calls.map(() => LOST)));
    const answer = (replies: readonly Reply[]): void => {
      timer.over = true;
      resolve(replies);
    };
    const refuse = (): void => {
      const gone = new Error("Connection is closed.");
      broker.deliver(() => answer(calls.map(() => [gone, undefined])));
    };
    if (!node.isUp) time.in(1, refuse);
    else send();
    function send(): void {
      network.send(broker.name, node.name, async () => {
        if (!node.isUp) return refuse();
        const replies: Reply[] = [];
        for (const call of calls) replies.push([null, await node.run(call)]);
        network.send(node.name, broker.name, () => broker.deliver(() => answer(replies)));
      });
    }
  });
}
