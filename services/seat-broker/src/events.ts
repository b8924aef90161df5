import type { Log } from "@leasehold/service-kit";
import type { BrokerEvents } from "./use-cases/ports.ts";

/** What the service tells of what happens in it, its connections included. */
export interface Events extends BrokerEvents {
  readonly databaseSessionLost: (err: Error) => void;
  readonly redisConnectionLost: (err: Error) => void;
  readonly incarnationNotKept: (err: unknown) => void;
}

/** Writes each fact as one line of the log. */
export function events(log: Log): Events {
  return {
    poolRecovered: (license, epoch) => log.info({ license, epoch: String(epoch) }, "pool set up"),
    recoveryFailed: (license, err) => log.warn({ license, err }, "pool not set up"),
    renewalsFailed: (err) => log.error({ err }, "renewals failed"),
    streamFailed: (err) => log.error({ err }, "a stream failed"),
    entitlementApplied: ({ name, revision, state, terms }) =>
      log.info(
        { license: name, revision: String(revision), state, seats: terms.seats },
        "license applied",
      ),
    trustBundleAccepted: (version) => log.info({ version }, "trust bundle accepted"),
    trustBundleRefused: (fault) => log.error({ fault }, "trust bundle refused"),
    feedInterrupted: (err) => log.warn({ err }, "activation not followed"),
    databaseSessionLost: (err) => log.warn({ err }, "database session lost"),
    redisConnectionLost: (err) => log.warn({ err }, "connection to Redis lost"),
    incarnationNotKept: (err) => log.warn({ err }, "incarnation of Redis not kept yet"),
  };
}
