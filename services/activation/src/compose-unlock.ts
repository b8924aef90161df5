import { inBackground, type Kit, pause } from "@leasehold/service-kit";
import type { Postgres } from "@leasehold/store-kit";
import type { ActivationConfig } from "./config.ts";
import type { SiteConfig } from "./config-site.ts";
import type { Events } from "./events.ts";
import type { ActivationPorts } from "./rpc/activation-service.ts";
import { lateRedis } from "./store/late-redis.ts";
import { postgresUsedChallenges } from "./store/postgres-challenges.ts";
import { postgresEnrolments } from "./store/postgres-enrolments.ts";
import { postgresReplies } from "./store/postgres-replies.ts";
import { redisBuckets } from "./store/redis-buckets.ts";
import { challenges as challengesOf } from "./use-cases/challenges.ts";
import { forgetChallenges } from "./use-cases/forget-challenges.ts";
import { localBuckets } from "./use-cases/local-buckets.ts";
import type { CertifyingIssuer } from "./use-cases/ports.ts";
import { type UnlockLimits, unlockLimits } from "./use-cases/unlock-limits.ts";
import type { KeyJudge } from "./use-cases/unlock-ports.ts";

/** So short that a Redis that hangs does not keep anybody from unlocking. */
const COMMAND_TIMEOUT_MS = 500;

/** What unlocking is put together with. */
interface Surroundings {
  readonly postgres: Postgres;
  readonly issuer: CertifyingIssuer & KeyJudge;
  /** `{deployment}/{full name of the service}`. */
  readonly audience: string;
  readonly report: Events;
  readonly stack: AsyncDisposableStack;
}

/** Puts unlocking together, and the challenges that other changes need as well. */
export async function composeUnlock(
  config: ActivationConfig | SiteConfig,
  { clock, random }: Pick<Kit, "clock" | "random">,
  surroundings: Surroundings,
): Promise<Pick<ActivationPorts, "unlock" | "challenges">> {
  const { postgres, issuer, audience, report, stack } = surroundings;
  const { challengeKeys: keys, salesContact } = config;
  const used = postgresUsedChallenges(postgres);
  inBackground(stack, (signal) =>
    forgetChallenges({ used, clock, pause, report: report.challengesNotForgotten }, signal),
  );
  const challenges = challengesOf({ keys, audience, clock, random });
  const unlock = {
    judge: issuer,
    issuer,
    enrolments: postgresEnrolments(postgres),
    replies: postgresReplies(postgres),
    challenges,
    limits: await composeLimits(config, clock, report, stack),
    clock,
    random,
    salesContact,
    report: report.unlocking,
  };
  return { unlock, challenges };
}

async function composeLimits(
  config: ActivationConfig | SiteConfig,
  clock: Kit["clock"],
  report: Events,
  stack: AsyncDisposableStack,
): Promise<UnlockLimits> {
  const options = {
    url: config.redisUrl,
    password: config.redisPassword,
    sentinelPassword: config.redisSentinelPassword,
    commandTimeoutMs: COMMAND_TIMEOUT_MS,
    onConnectionLost: report.redisConnectionLost,
  };
  const redis = await lateRedis(options, stack);
  inBackground(stack, (signal) => redis.keepTrying(pause, signal));
  return unlockLimits({
    rates: {
      triesPerNetwork: config.unlockTriesPerNetwork,
      failuresPerNetwork: config.unlockFailuresPerNetwork,
      failuresPerKey: config.unlockFailuresPerKey,
    },
    shared: redisBuckets(redis.connection),
    local: localBuckets(clock),
    secret: config.challengeKeys[0],
    report: report.limitsShared,
  });
}
