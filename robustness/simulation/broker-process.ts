import type { seatBroker } from "@leasehold/contracts";
import { barredInstallations } from "../../services/seat-broker/src/use-cases/barred-installations.ts";
import { Problem, isProblem, type Uuid } from "@leasehold/kernel";
import { type Handlers, Metrics } from "@leasehold/service-kit";
import { brokerCounts } from "../../services/seat-broker/src/count.ts";
import { declareMetrics } from "../../services/seat-broker/src/metrics.ts";
import { tokenKeys } from "../../services/seat-broker/src/domain/lease-token.ts";
import { pageTokens } from "../../services/seat-broker/src/domain/page-token.ts";
import { retrySchedule } from "../../services/seat-broker/src/domain/retry-schedule.ts";
import {
  brokerFull,
  tooManyOfInstallation,
} from "../../services/seat-broker/src/domain/seat-problems.ts";
import { ticketKeys } from "../../services/seat-broker/src/domain/wait-ticket.ts";
import type { Pool } from "../../services/seat-broker/src/domain/pool.ts";
import { seatBrokerService } from "../../services/seat-broker/src/rpc/seat-broker-service.ts";
import { redisLedger } from "../../services/seat-broker/src/store/redis-ledger.ts";
import { redisSeatStore } from "../../services/seat-broker/src/store/redis-seat-store.ts";
import { acquireGate, behindGate } from "../../services/seat-broker/src/use-cases/acquire-gate.ts";
import { followEntitlements } from "../../services/seat-broker/src/use-cases/follow-entitlements.ts";
import { licenseWatchers } from "../../services/seat-broker/src/use-cases/license-watchers.ts";
import { poolTerms } from "../../services/seat-broker/src/use-cases/pool-terms.ts";
import type { BrokerEvents } from "../../services/seat-broker/src/use-cases/ports.ts";
import type { EntitlementFeed } from "../../services/seat-broker/src/use-cases/feed-ports.ts";
import { recoverPool, restorePool } from "../../services/seat-broker/src/use-cases/recover-pool.ts";
import { reapIdlePools } from "../../services/seat-broker/src/use-cases/reap-idle-pools.ts";
import { leaseRenewer } from "../../services/seat-broker/src/use-cases/renew-leases.ts";
import { seatWakes } from "../../services/seat-broker/src/use-cases/seat-wakes.ts";
import { settleCrowdedPools } from "../../services/seat-broker/src/use-cases/settle-crowded-pools.ts";
import { type StayLimit, stayLimit } from "../../services/seat-broker/src/use-cases/stay-limit.ts";
import { watchClocks } from "../../services/seat-broker/src/use-cases/watch-clocks.ts";
import type { Dice } from "./dice.ts";
import type { MemoryPostgres } from "./memory-postgres.ts";
import { redisWay, type RedisWayPorts } from "./redis-way.ts";
import { noAdministration, noBorrows } from "./unused-stores.ts";
import type { VirtualProcess } from "./virtual-process.ts";

type BrokerHandlers = Handlers<typeof seatBroker.SeatBrokerServiceDefinition>;

/** One run of a seat-broker, from its start to its end. */
export interface BrokerProcess {
  readonly process: VirtualProcess;
  /** Where it runs, which stays when it is started again. */
  readonly machine: string;
  readonly handlers: BrokerHandlers;
  /** What a client learns of something that a handler threw. */
  problemOf(failure: unknown): Problem;
  /** Its connection to Redis was opened again. */
  reconnected(): void;
}

export interface BrokerParts extends RedisWayPorts {
  readonly machine: string;
  readonly postgres: MemoryPostgres;
  readonly source: EntitlementFeed;
  readonly fenceMs: number;
  readonly dice: Dice;
  /** Told of what must never be thrown. */
  readonly defect: (failure: unknown) => void;
  readonly told: (event: string) => void;
}

const SECRET = Buffer.alloc(32, 7);

/** Puts a seat-broker together as its composition root does, but for gRPC, ioredis and Postgres. */
export function startBroker(parts: BrokerParts): BrokerProcess {
  const { broker: process, machine } = parts;
  return process.run(() => {
    const ports = portsOf(parts);
    const sight = async (): Promise<void> => {
      try {
        for (const incarnation of await ports.seats.readClocks())
          await ports.pools.sight(incarnation);
      } catch (failure) {
        if (!isProblem(failure)) parts.defect(failure);
      }
    };
    void sight();
    const inBackground = (work: Promise<void>): void => void work.catch(parts.defect);
    const usage = parts.postgres.usageOf(process);
    inBackground(watchClocks(ports, process.ended));
    inBackground(settleCrowdedPools(ports, process.ended));
    inBackground(reapIdlePools({ ...ports, usage }, process.ended));
    inBackground(
      followEntitlements(
        {
          ...ports,
          source: parts.source,
          feed: parts.postgres.feedOf(process),
          // Its licenses name no users.
          takeBackUnnamed: () => Promise.resolve(),
          barredStore: { keep: () => Promise.resolve(), all: () => Promise.resolve([]) },
          trust: {
            current: () => undefined,
            recall: () => Promise.resolve(),
            accept: () => Promise.resolve(),
          },
        },
        process.ended,
      ),
    );
    return {
      process,
      machine,
      handlers: seatBrokerService(ports).handlers as unknown as BrokerHandlers,
      problemOf: (failure) => {
        if (isProblem(failure)) return failure;
        parts.defect(failure);
        return new Problem("INTERNAL", { message: "internal error" });
      },
      reconnected: () => process.deliver(() => void sight()),
    };
  });
}

function portsOf(parts: BrokerParts) {
  const { broker: process, postgres, fenceMs, dice } = parts;
  const redis = redisWay(parts);
  const { clock } = process;
  const apart = (work: () => void) => void process.setTimer(0, work);
  const seats = behindGate(redisSeatStore({ redis, clock, fenceMs, apart }), acquireGate(clock));
  const pools = postgres.poolsOf(process);
  const events = eventsOf(parts);
  const restore = restorePool({ seats, pools });
  const recover = recoverPool({
    seats,
    pools,
    events,
    restore,
    pause: (ms, signal) => process.pause(ms, signal),
  });
  const terms = poolTerms({ seats, pools });
  const tokens = tokenKeys([SECRET]);
  const shared = { seats, pools, recover, restore, terms, tokens, events };
  return {
    ...shared,
    clock,
    counts: brokerCounts(declareMetrics(new Metrics())),
    borrows: noBorrows,
    borrowSigner: () => undefined,
    administration: noAdministration,
    deployment: "simulation",
    random: (length: number) => dice.bytes(length),
    denials: redisLedger(redis),
    streams: roomFor("streams"),
    waiters: roomFor("waiters"),
    retries: retrySchedule(clock, () => dice.throw()),
    watchers: licenseWatchers(),
    barred: barredInstallations(),
    wakes: seatWakes(),
    tickets: ticketKeys([SECRET]),
    pageTokens: pageTokens(SECRET),
    pause: (ms: number, signal: AbortSignal) => process.pause(ms, signal),
    renew: leaseRenewer({
      ...shared,
      apart,
    }),
    goodbyeSpreadMs: 1_000,
    chance: () => dice.throw(),
  };
}

/** More than there are clients. */
function roomFor(of: "streams" | "waiters"): StayLimit {
  return stayLimit({
    most: 1_000,
    mostEach: 1_000,
    full: () => brokerFull(of),
    tooMany: () => tooManyOfInstallation(of),
  });
}

function eventsOf({ told, defect }: BrokerParts): BrokerEvents {
  const unlessProblem = (failure: unknown): void => {
    if (!isProblem(failure)) defect(failure);
  };
  return {
    poolRecovered: (_license: Uuid, epoch: bigint) => told(`pool set up, epoch ${epoch}`),
    recoveryFailed: (_license: Uuid, failure: unknown) => {
      told(`pool not set up: ${String(failure)}`);
      unlessProblem(failure);
    },
    renewalsFailed: unlessProblem,
    streamFailed: unlessProblem,
    entitlementApplied: (pool: Pool) => told(`terms ${pool.revision} applied`),
    trustBundleAccepted: () => undefined,
    trustBundleRefused: () => undefined,
    feedInterrupted: unlessProblem,
    seatRevoked: () => undefined,
    drainChanged: () => undefined,
    actsInterrupted: unlessProblem,
    revocationsNotPruned: unlessProblem,
    borrowsNotKept: unlessProblem,
    unnamedNotTakenBack: unlessProblem,
  };
}
