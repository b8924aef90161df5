import { isProblem } from "@leasehold/kernel";
import type { Log, LogFacts } from "@leasehold/service-kit";
import { type Installation, installationName } from "./domain/installation.ts";
import type { OfflineEvent } from "./use-cases/answer-offline-request.ts";
import type { FollowEvent } from "./use-cases/follow-licenses.ts";
import type { TrustOutcome } from "./use-cases/refresh-trust.ts";

/** What the service tells of what happens in it: one line of the log for each fact. */
export interface Events {
  readonly unlocked: (event: { readonly installation: Installation }) => void;
  readonly offlineAnswered: (event: OfflineEvent) => void;
  readonly followed: (event: FollowEvent) => void;
  readonly trustRecalled: (outcome: TrustOutcome) => void;
  readonly pruningFailed: (cause: unknown) => void;
  readonly databaseSessionLost: (error: Error) => void;
}

/** Writes the events to the log. */
export function events(log: Log): Events {
  return {
    unlocked: ({ installation: { id, license, product } }) =>
      log.info({ installation: installationName(id), license, product }, "unlocked"),
    offlineAnswered: ({ purpose, request, installation: { id, license, product } }) =>
      log.info(
        { purpose, request, installation: installationName(id), license, product },
        "request file answered",
      ),
    followed: (event) => logFollowed(log, event),
    trustRecalled: (outcome) => {
      if (outcome.kind === "refused") log.error(outcome, "kept trust bundle refused");
      else log.info(outcome, "trust bundle recalled");
    },
    pruningFailed: (err) => log.warn({ err }, "old replies not pruned"),
    databaseSessionLost: (err) => log.warn({ err }, "database session lost"),
  };
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
