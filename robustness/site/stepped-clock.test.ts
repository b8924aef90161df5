import { guardedFolder, startRedis } from "@leasehold/testkit";
import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { steppedClock } from "./stepped-clock.ts";

test.runIf(process.platform === "linux" && process.arch === "x64")(
  "a Redis that loaded the clock's library tells the time by it, before and after steps",
  async () => {
    await using folder = await guardedFolder("clock");
    const clock = (await steppedClock(folder.path))!;
    await using server = await startRedis({ preload: clock.library });
    const redis = new Redis(server.url);
    /** In seconds. */
    const isAheadBy = async (step: number) =>
      expect(Number((await redis.time())[0]) - Date.now() / 1_000 - step).toBeCloseTo(0, -1);
    try {
      await isAheadBy(0);
      await clock.stepBy(3_600);
      await isAheadBy(3_600);
      await clock.stepBy(-5_000);
      await isAheadBy(-1_400);
    } finally {
      redis.disconnect();
    }
  },
);
