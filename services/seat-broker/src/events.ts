import type { Log, StoreMetrics } from "@leasehold/service-kit";
import type { DeclaredMetrics } from "./metrics.ts";
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

/** Writes each fact as one line of the log, and counts it. */
export function events(
  log: Log,
  counted: { readonly declared: DeclaredMetrics; readonly stores: StoreMetrics },
): Events {
  return counting(logging(log), counted);
}

/** The same events, counted. */
function counting(
  told: Events,
  { declared, stores }: { readonly declared: DeclaredMetrics; readonly stores: StoreMetrics },
): Events {
  const { setUps, interruptions, defects, ledgerLost, ledgerFailures } = declared;
  const also = <Facts extends readonly unknown[]>(
    tell: (...facts: Facts) => void,
    count: (...facts: Facts) => void,
  ) => {
    return (...facts: Facts): void => {
      count(...facts);
      tell(...facts);
    };
  };
  return {
    ...told,
    poolRecovered: also(told.poolRecovered, (_, epoch) =>
      setUps[epoch > 1n ? "again" : "first"].add(),
    ),
    recoveryFailed: also(told.recoveryFailed, () => setUps.failed.add()),
    renewalsFailed: also(told.renewalsFailed, () => defects.renewals.add()),
    streamFailed: also(told.streamFailed, () => defects.streams.add()),
    entitlementApplied: also(told.entitlementApplied, () => declared.applied.add()),
    trustBundleRefused: also(told.trustBundleRefused, () => declared.trustRefused.add()),
    feedInterrupted: also(told.feedInterrupted, () => interruptions.entitlements.add()),
    borrowsNotKept: also(told.borrowsNotKept, () => defects.borrows.add()),
    unnamedNotTakenBack: also(told.unnamedNotTakenBack, () => defects.unnamed.add()),
    usageNotTaken: also(told.usageNotTaken, () => ledgerFailures.add()),
    usageNotKept: also(told.usageNotKept, () => ledgerFailures.add()),
    usageEntriesDropped: also(told.usageEntriesDropped, (_, count) => ledgerLost.add(count)),
    usageEntryUnreadable: also(told.usageEntryUnreadable, () => ledgerLost.add()),
    seatRevoked: also(told.seatRevoked, () => declared.revoked.add()),
    actsInterrupted: also(told.actsInterrupted, () => interruptions.acts.add()),
    revocationsNotPruned: also(told.revocationsNotPruned, () => defects.revocations.add()),
    incarnationNotKept: also(told.incarnationNotKept, () => defects.incarnations.add()),
    databaseSessionLost: also(told.databaseSessionLost, () => stores.lost.postgres.add()),
    redisConnectionLost: also(told.redisConnectionLost, () => stores.lost.redis.add()),
  };
}

function logging(log: Log): Events {
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
