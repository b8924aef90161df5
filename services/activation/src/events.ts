import { isProblem } from "@leasehold/kernel";
import type { Log, LogFacts, StoreMetrics } from "@leasehold/service-kit";
import { installationName } from "./domain/installation.ts";
import type { DeclaredMetrics } from "./metrics.ts";
import type { OfflineEvent } from "./use-cases/answer-offline-request.ts";
import type { ResourceChange } from "./use-cases/resource-ports.ts";
import type { FollowEvent } from "./use-cases/follow-licenses.ts";
import type { NamingEvent } from "./use-cases/named-user-ports.ts";
import type { TrustOutcome } from "./use-cases/refresh-trust.ts";
import type { UnlockEvent } from "./use-cases/unlock-command.ts";
import type { UnlockLimitPorts } from "./use-cases/unlock-limits.ts";

/** What the service tells of what happens in it: one line of the log for each fact. */
export interface Events {
  readonly unlocking: (event: UnlockEvent) => void;
  readonly limitsShared: UnlockLimitPorts["report"];
  readonly namingChanged: (event: NamingEvent) => void;
  readonly resourcesChanged: (change: ResourceChange) => void;
  readonly offlineAnswered: (event: OfflineEvent) => void;
  readonly followed: (event: FollowEvent) => void;
  readonly trustRecalled: (outcome: TrustOutcome) => void;
  readonly pruningFailed: (cause: unknown) => void;
  readonly challengesNotForgotten: (cause: unknown) => void;
  readonly databaseSessionLost: (error: Error) => void;
  readonly redisConnectionLost: (error: Error) => void;
}

/** Writes the events to the log, and counts them. */
export function events(
  log: Log,
  { declared, stores }: { readonly declared: DeclaredMetrics; readonly stores: StoreMetrics },
): Events {
  const told = logging(log);
  declared.limitsShared.set(1);
  return {
    ...told,
    unlocking: (event) => {
      if (event.kind === "unlocked") declared.unlocks.add();
      else declared.unlocksRefused.with({ reason: event.reason }).add();
      told.unlocking(event);
    },
    limitsShared: (event) => {
      declared.limitsShared.set(event.kind === "back" ? 1 : 0);
      told.limitsShared(event);
    },
    offlineAnswered: (event) => {
      declared.requestFiles.add();
      told.offlineAnswered(event);
    },
    followed: (event) => {
      if (event.kind === "license-changed") declared.licenses.add();
      if (event.kind === "interrupted") declared.interruptions.licenses.add();
      if (event.kind === "trust-refused") declared.trustRefused.add();
      told.followed(event);
    },
    databaseSessionLost: (error) => {
      stores.lost.postgres.add();
      told.databaseSessionLost(error);
    },
    redisConnectionLost: (error) => {
      stores.lost.redis.add();
      told.redisConnectionLost(error);
    },
  };
}

function logging(log: Log): Events {
  return {
    namingChanged: ({ kind, ...facts }) => {
      if (kind === "assigned") log.info(facts, "user named");
      else log.info(facts, "user named no more");
    },
    resourcesChanged: (change) => log.info({ ...change }, "resources changed"),
    offlineAnswered: ({ purpose, request, installation: { id, license, product } }) =>
      log.info(
        { purpose, request, installation: installationName(id), license, product },
        "request file answered",
      ),
    unlocking: (event) => logUnlocking(log, event),
    limitsShared: (event) => {
      if (event.kind === "back") log.info({}, "limits of unlocking shared again");
      else log.warn(causeFacts(event.cause), "limits of unlocking not shared");
    },
    followed: (event) => logFollowed(log, event),
    trustRecalled: (outcome) => {
      if (outcome.kind === "refused")
        log.error({ ...outcome, settings: ["ACTIVATION_TRUST_ROOT"] }, "kept trust bundle refused");
      else log.info(outcome, "trust bundle recalled");
    },
    pruningFailed: (err) => log.warn({ err }, "old replies not pruned"),
    challengesNotForgotten: (err) => log.warn({ err }, "used challenges not forgotten"),
    databaseSessionLost: (err) => log.warn({ err }, "database session lost"),
    redisConnectionLost: (err) => log.warn({ err }, "connection to Redis lost"),
  };
}

function logUnlocking(log: Log, event: UnlockEvent): void {
  if (event.kind === "refused") {
    const { kind: _, ...facts } = event;
    return log.info(facts, "unlocking refused");
  }
  const { id, license, product } = event.installation;
  return log.info({ installation: installationName(id), license, product }, "unlocked");
}

function logFollowed(log: Log, event: FollowEvent): void {
  const { kind: _, ...facts } = event;
  switch (event.kind) {
    case "following":
      return log.info(facts, "following the issuer");
    case "license-changed":
      return log.info(facts, "license changed");
    case "trust-changed":
      return log.info(facts, "trust bundle changed");
    case "trust-refused":
      return log.error(facts, "trust bundle refused");
    case "interrupted": {
      const retryMs = Math.round(event.retryMs);
      return log.warn({ ...causeFacts(event.cause), retryMs }, "issuer not followed");
    }
  }
}

/** An outage is told in a few words; anything else with its stack. */
function causeFacts(cause: unknown): LogFacts {
  return isProblem(cause) ? { reason: cause.reason, detail: cause.message } : { err: cause };
}
