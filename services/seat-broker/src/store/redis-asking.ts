import type { Uuid } from "@leasehold/kernel";
import type { RedisConnection } from "@leasehold/store-kit";
import type { AcquireOutcome, ReleaseOutcome, SeatStore } from "../use-cases/ports.ts";
import type { Apart } from "../use-cases/self-clocked.ts";
import { askTogether } from "./ask-together.ts";
import { acquireOutcomes, releaseOutcomes, type Reply } from "./script-replies.ts";
import { type AskedSeat, callAcquire, callRelease, type GivenBack } from "./seat-scripts.ts";
import type { ToldTime } from "./told-time.ts";

interface Asking {
  readonly redis: RedisConnection;
  readonly ask: (license: Uuid, put: (told: ToldTime) => Promise<unknown>) => Promise<Reply>;
  readonly nodeOf: (license: Uuid) => string;
  readonly apart: Apart;
}

/** What so many ask that they are better asked for together: seats, and to give them back. */
export function redisAsking({
  redis,
  ask,
  nodeOf,
  apart,
}: Asking): Pick<SeatStore, "acquire" | "release"> {
  const acquire = askTogether<AskedSeat, AcquireOutcome>({
    name: "redis.acquire_seats",
    apart,
    nodeOf,
    ask: async (license, asked) => {
      const reply = await ask(license, (told) => callAcquire(redis, license, asked, told));
      return acquireOutcomes(reply, asked.length);
    },
  });
  const release = askTogether<GivenBack, ReleaseOutcome>({
    name: "redis.release_seats",
    apart,
    nodeOf,
    ask: async (license, givenBack) => {
      const reply = await ask(license, (told) => callRelease(redis, license, givenBack, told));
      return releaseOutcomes(reply, givenBack.length);
    },
  });
  return {
    acquire: (request, decided) => acquire(request.license, { request, decided }),
    release: (license, { member }, installation, forgotten = false) =>
      release(license, { member, installation, forgotten }),
  };
}
