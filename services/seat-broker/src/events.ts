import type { Log } from "@leasehold/service-kit";
import type { BrokerEvents } from "./use-cases/ports.ts";
import type { UsageEvents } from "./use-cases/usage-ports.ts";

/** What the service tells of what happens in it, its connections included. */
export interface Events extends BrokerEvents, UsageEvents {
  readonly databaseSessionLost: (err: Error) => void;
  readonly redisConnectionLost: (err: Error) => void;
  readonly incarnationNotKept: (err: unknown) => void;
  readonly databasePutBack: (
    license: string,
    epochs: { readonly known: bigint; readonly taken: bigint },
  ) => void;
  readonly epochsNotCompared: (err: unknown) => void;
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
        {
          license: name,
          revision: String(revision),
          state,
          seats: terms.seats,
          ...(terms.naming && { naming: String(terms.naming.revision) }),
        },
        "license applied",
      ),
    trustBundleAccepted: (version) => log.info({ version }, "trust bundle accepted"),
    trustBundleRefused: (fault) =>
      log.error({ fault, settings: ["SEAT_BROKER_TRUST_ROOT"] }, "trust bundle refused"),
    feedInterrupted: (err) => log.warn({ err }, "activation not followed"),
    borrowsNotKept: (err) => log.warn({ err }, "borrowed seats not looked after"),
    unnamedNotTakenBack: (err) =>
      log.warn({ err }, "seats of users named no more not looked after"),
    usageNotTaken: (err) => log.warn({ err }, "usage not taken over"),
    usageNotKept: (err) => log.warn({ err }, "usage not counted or pruned"),
    usageEntriesDropped: (license, count) => log.error({ license, count }, "usage entries lost"),
    usageEntryUnreadable: (license, entry) =>
      log.error({ license, entry }, "usage entry not understood"),
    seatRevoked: ({ license, id, immediate, subject }) =>
      log.info({ license, lease: id.member, immediate, subject }, "seat taken back"),
    drainChanged: ({ license, drained, subject }) =>
      drained
        ? log.info({ license, subject }, "pool drained")
        : log.info({ license, subject }, "pool resumed"),
    actsInterrupted: (err) => log.warn({ err }, "acts of administrators not followed"),
    revocationsNotPruned: (err) => log.warn({ err }, "seats taken back long ago not forgotten"),
    databaseSessionLost: (err) => log.warn({ err }, "database session lost"),
    redisConnectionLost: (err) => log.warn({ err }, "connection to Redis lost"),
    databasePutBack: (license, { known, taken }) =>
      log.error(
        { license, known: String(known), taken: String(taken) },
        "the database was put back: it did not know an epoch that was taken",
      ),
    epochsNotCompared: (err) => log.warn({ err }, "epochs not compared yet"),
    incarnationNotKept: (err) => log.warn({ err }, "incarnation of Redis not kept yet"),
  };
}
