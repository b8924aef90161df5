import type { Clock } from "@leasehold/kernel";
import { inBackground, pause } from "@leasehold/service-kit";
import type { RedisConnection } from "@leasehold/store-kit";
import { openDatabase } from "./compose-stores.ts";
import type { SeatBrokerConfig } from "./config.ts";
import type { Events } from "./events.ts";
import { postgresLedger } from "./store/postgres-ledger.ts";
import { postgresUsage } from "./store/postgres-usage.ts";
import { redisLedger } from "./store/redis-ledger.ts";
import { followLedger } from "./use-cases/follow-ledger.ts";
import { keepUsage } from "./use-cases/keep-usage.ts";
import { tellingDenials, type TouchedLicenses } from "./use-cases/touched-licenses.ts";

/** Under the 5 s of calls that read the ledger. */
const LEDGER_STATEMENT_TIMEOUT_MS = 4_500;
/** One session for entries, one for counting, two for those who read. */
const LEDGER_SESSIONS = 4;

/** Sessions of its own, so that no call that decides about seats ever waits behind the ledger. */
export function keepLedger(
  config: SeatBrokerConfig,
  clock: Clock,
  parts: {
    readonly redis: RedisConnection;
    readonly report: Events;
    readonly stack: AsyncDisposableStack;
    readonly touched: TouchedLicenses;
  },
) {
  const { redis, report, stack, touched } = parts;
  const limits = { poolSize: LEDGER_SESSIONS, statementTimeoutMs: LEDGER_STATEMENT_TIMEOUT_MS };
  const postgres = stack.use(openDatabase(config, report, limits));
  const usage = postgresLedger(postgres);
  const stream = redisLedger(redis);
  const common = { usage, stream, events: report, clock, pause };
  inBackground(stack, (signal) => followLedger({ ...common, touched }, signal));
  const kept = { sessions: config.usageSessionsKept, rollups: config.usageRollupsKept };
  inBackground(stack, (signal) => keepUsage(common, kept, signal));
  return {
    usage,
    ledger: postgres,
    reader: postgresUsage(postgres),
    denials: tellingDenials(stream, touched),
  };
}
