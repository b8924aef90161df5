import type { Clock } from "@leasehold/kernel";
import type { RedisConnection } from "@leasehold/store-kit";
import { type ServerClock, serverClock } from "../domain/server-clock.ts";
import type { Incarnation } from "../use-cases/pool-ports.ts";
import { clockOf } from "./pool-replies.ts";
import { type Reply, replyOf, timeIn } from "./script-replies.ts";
import { callReadClock } from "./seat-scripts.ts";
import type { ToldTime } from "./told-time.ts";

/** What the clock of each Redis is believed to show, kept right by its own answers. */
export interface RedisTime {
  /** What a script is told of the time that runs on the node. */
  told(node: string): Promise<ToldTime>;
  /** Reads the clock of a node. Those who ask at a time share one reading. */
  readIncarnation(node: string): Promise<Incarnation>;
  /** Reads the reply to a script, and learns the time from it if it tells. */
  heard(reply: unknown, node: string, sentAt: number): Reply;
}

export function redisTime(redis: RedisConnection, clock: Pick<Clock, "monotonic">): RedisTime {
  const beliefs = new Map<string, ServerClock>();
  const readings = new Map<string, Promise<Incarnation>>();

  function believedOf(node: string): ServerClock {
    const known = beliefs.get(node) ?? serverClock(clock);
    beliefs.set(node, known);
    return known;
  }

  async function read(node: string): Promise<Incarnation> {
    const believed = believedOf(node);
    const sentAt = clock.monotonic();
    const { now, name } = clockOf(replyOf(await callReadClock(redis, node)));
    believed.observe({ now, sentAt, receivedAt: clock.monotonic() });
    return { now, name, trustedSince: Math.min(believed.trustedSince(), now) };
  }

  function readIncarnation(node: string): Promise<Incarnation> {
    const reading = readings.get(node) ?? read(node).finally(() => readings.delete(node));
    readings.set(node, reading);
    return reading;
  }

  return {
    readIncarnation,
    told: async (node) => {
      const believed = believedOf(node);
      const estimate = believed.estimate() ?? (await readIncarnation(node)).now;
      return { node, estimate, trusted: believed.trustedSince(), peak: believed.peak() };
    },
    heard: (answer, node, sentAt) => {
      const reply = replyOf(answer);
      const now = timeIn(reply);
      if (now !== undefined)
        believedOf(node).observe({ now, sentAt, receivedAt: clock.monotonic() });
      return reply;
    },
  };
}
