import type { Clock } from "@leasehold/kernel";
import type { RedisConnection } from "@leasehold/store-kit";
import { serverClock } from "../domain/server-clock.ts";
import type { Incarnation } from "../use-cases/ports.ts";
import { incarnationOf, type Reply, replyOf, timeIn } from "./script-replies.ts";
import { callReadClock } from "./seat-scripts.ts";

/** What the clock of a Redis is believed to show, kept right by its own answers. */
export interface RedisTime {
  /** For a script to compare with its TIME. */
  estimate(): Promise<number>;
  /** When the clock was last seen to step forward; 0 if never. */
  steppedAt(): number;
  /** Reads the clock. Those who ask at a time share one reading. */
  readIncarnation(): Promise<Incarnation>;
  /** Reads the reply to a script, and learns the time from it if it tells. */
  heard(reply: unknown, sentAt: number): Reply;
}

export function redisTime(redis: RedisConnection, clock: Pick<Clock, "monotonic">): RedisTime {
  const believed = serverClock(clock);
  let reading: Promise<Incarnation> | undefined;

  async function read(): Promise<Incarnation> {
    const sentAt = clock.monotonic();
    const incarnation = incarnationOf(replyOf(await callReadClock(redis)));
    believed.observe({ now: incarnation.now, sentAt, receivedAt: clock.monotonic() });
    return incarnation;
  }

  function readIncarnation(): Promise<Incarnation> {
    reading ??= read().finally(() => (reading = undefined));
    return reading;
  }

  return {
    readIncarnation,
    estimate: async () => believed.estimate() ?? (await readIncarnation()).now,
    steppedAt: believed.steppedAt,
    heard: (answer, sentAt) => {
      const reply = replyOf(answer);
      const now = timeIn(reply);
      if (now !== undefined) believed.observe({ now, sentAt, receivedAt: clock.monotonic() });
      return reply;
    },
  };
}
