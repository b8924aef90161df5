import type { Uuid } from "@leasehold/kernel";
import { inSpan, type RedisConnection } from "@leasehold/store-kit";
import type { AcquireOutcome, DecidedClaim, SeatRequest, SeatStore } from "../use-cases/ports.ts";
import { type Later, selfClocked } from "../use-cases/self-clocked.ts";
import { acquireOutcomes, type Reply } from "./script-replies.ts";
import { callAcquire, nodeOf } from "./seat-scripts.ts";
import type { ToldTime } from "./told-time.ts";

/** A seat that somebody wants, and waits to be told of. */
interface Asked {
  readonly request: SeatRequest;
  readonly decided: DecidedClaim;
  readonly answer: (outcome: AcquireOutcome) => void;
  readonly fail: (error: unknown) => void;
}

/** Puts something to the script of a license. */
type Ask = (license: Uuid, put: (told: ToldTime) => Promise<unknown>) => Promise<Reply>;

/** One script call must not keep Redis from others for long: so many take a millisecond or two. */
const BATCH_LIMIT = 64;

/** Asks for seats: those of one license that are asked for at a time in one call, each Redis at its own pace. */
export function redisAcquires(
  redis: RedisConnection,
  ask: Ask,
  later: Later,
): SeatStore["acquire"] {
  const nodes = new Map<string, (asked: readonly Asked[]) => void>();

  function enqueueAt(node: string): (asked: readonly Asked[]) => void {
    const known = nodes.get(node) ?? selfClocked<Asked>(later, (all) => roundTrip(redis, ask, all));
    nodes.set(node, known);
    return known;
  }

  return (request, decided) =>
    inSpan("redis.acquire_seats", "redis", () => {
      const { promise, resolve, reject } = Promise.withResolvers<AcquireOutcome>();
      enqueueAt(nodeOf(redis, request.license))([
        { request, decided, answer: resolve, fail: reject },
      ]);
      return promise;
    });
}

async function roundTrip(redis: RedisConnection, ask: Ask, all: readonly Asked[]): Promise<void> {
  const byLicense = Map.groupBy(all, ({ request }) => request.license);
  const batches = Array.from(byLicense, ([license, asked]) =>
    Array.from({ length: Math.ceil(asked.length / BATCH_LIMIT) }, (_, index) =>
      settle(redis, ask, license, asked.slice(index * BATCH_LIMIT, (index + 1) * BATCH_LIMIT)),
    ),
  );
  await Promise.all(batches.flat());
}

/** Never rejects: each of those who asked learns of it. */
async function settle(
  redis: RedisConnection,
  ask: Ask,
  license: Uuid,
  asked: readonly Asked[],
): Promise<void> {
  try {
    const reply = await ask(license, (told) => callAcquire(redis, license, asked, told));
    const outcomes = acquireOutcomes(reply, asked.length);
    for (const [index, { answer, fail }] of asked.entries()) {
      const outcome = outcomes[index];
      if (outcome) answer(outcome);
      else fail(new Error("a script answered fewer than it was asked"));
    }
  } catch (error) {
    for (const { fail } of asked) fail(error);
  }
}
