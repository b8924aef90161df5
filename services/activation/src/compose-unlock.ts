import { inBackground, type Kit, pause } from "@leasehold/service-kit";
import type { Postgres } from "@leasehold/store-kit";
import type { ActivationConfig } from "./config.ts";
import type { Events } from "./events.ts";
import { lateRedis } from "./store/late-redis.ts";
import { postgresUsedChallenges } from "./store/postgres-challenges.ts";
import { redisBuckets } from "./store/redis-buckets.ts";
import { challenges, type Challenges } from "./use-cases/challenges.ts";
import { forgetChallenges } from "./use-cases/forget-challenges.ts";
import { localBuckets } from "./use-cases/local-buckets.ts";
import { type UnlockLimits, unlockLimits } from "./use-cases/unlock-limits.ts";

/** So short that a Redis that hangs does not keep anybody from unlocking. */
const COMMAND_TIMEOUT_MS = 500;

/** What unlocking, and whatever else needs a challenge, stands on. */
export interface UnlockParts {
  readonly challenges: Challenges;
  readonly limits: UnlockLimits;
}

/** Puts challenges and limits together. */
export async function composeUnlock(
  config: ActivationConfig,
  { clock, random }: Pick<Kit, "clock" | "random">,
  surroundings: {
    readonly postgres: Postgres;
    /** `{deployment}/{full name of the service}`. */
    readonly audience: string;
    readonly report: Events;
    readonly stack: AsyncDisposableStack;
  },
): Promise<UnlockParts> {
  const { postgres, audience, report, stack } = surroundings;
  const { challengeKeys: keys } = config;
  const redis = await lateRedis(
    {
      url: config.redisUrl,
      commandTimeoutMs: COMMAND_TIMEOUT_MS,
      onConnectionLost: report.redisConnectionLost,
    },
    stack,
  );
  inBackground(stack, (signal) => redis.keepTrying(pause, signal));
  const used = postgresUsedChallenges(postgres);
  inBackground(stack, (signal) =>
    forgetChallenges({ used, clock, pause, report: report.challengesNotForgotten }, signal),
  );
  return {
    challenges: challenges({ keys, audience, clock, random }),
    limits: unlockLimits({
      rates: {
        triesPerNetwork: config.unlockTriesPerNetwork,
        failuresPerNetwork: config.unlockFailuresPerNetwork,
        failuresPerKey: config.unlockFailuresPerKey,
        failuresPerDeployment: config.unlockFailuresPerDeployment,
      },
      shared: redisBuckets(redis.connection),
      local: localBuckets(clock),
      secret: keys[0],
      report: report.limitsShared,
    }),
  };
}
