import { readFileSync } from "node:fs";
import { type Uuid, uuidBytes } from "@leasehold/kernel";
import {
  evaluate,
  migrate,
  openPostgres,
  openRedis,
  type Postgres,
  type RedisConnection,
  scriptOf,
} from "@leasehold/store-kit";
import { testPostgres, testRedis } from "@leasehold/testkit";
import { Redis } from "ioredis";
import type { Pool } from "../src/domain/pool.ts";
import { postgresLedger } from "../src/store/postgres-ledger.ts";
import { postgresPools } from "../src/store/postgres-pools.ts";
import { postgresUsage } from "../src/store/postgres-usage.ts";
import { redisLedger } from "../src/store/redis-ledger.ts";
import type {
  DenialRecorder,
  LedgerStream,
  UsageEvents,
  UsageReader,
  UsageStore,
} from "../src/use-cases/usage-ports.ts";
import { somePool, someUuid } from "./some-pool.ts";
import { type Way, wayTo } from "./cut-off.ts";

const LIBRARY = readFileSync(new URL("../lua/lib/ledger.lua", import.meta.url), "utf8");
/** What the seat-broker's scripts do, with the library as they have it. */
const RECORD = scriptOf("record_entry", `${LIBRARY}\nrecord(unpack(ARGV))`);
const RECORD_DENIAL = scriptOf("record_a_denial", `${LIBRARY}\nrecord_denial(unpack(ARGV))`);

/** What a test says of an entry; the rest is as of one seat of Ada's at midnight. */
export interface Said {
  readonly epoch?: number;
  readonly at?: number;
  readonly lease?: Uuid;
  readonly [field: string]: string | number | undefined;
}

/** A ledger whose entries a test writes as the scripts do. */
export interface WrittenLedger extends AsyncDisposable {
  readonly postgres: Postgres;
  /** The way to Postgres. */
  readonly way: Way;
  /** To look behind the scripts. */
  readonly client: Redis;
  readonly usage: UsageStore;
  readonly stream: LedgerStream & DenialRecorder;
  readonly reader: UsageReader;
  readonly pools: ReturnType<typeof postgresPools>;
  readonly told: string[];
  readonly events: UsageEvents;
  /** A license with a pool, and an empty ledger. */
  license(terms?: Parameters<typeof somePool>[0]): Promise<Pool>;
  /** @returns the lease */
  write(license: Uuid, kind: string, said?: Said): Promise<Uuid>;
  /** Makes a pool that is set up and knows of this lease alone. */
  knowOnly(license: Uuid, lease: Uuid): Promise<void>;
}

export const MIDNIGHT = Date.UTC(2026, 0, 5);
export const MINUTE_MS = 60_000;
export const INSTALLATION = "018f0000-0000-7000-8000-000000000001" as Uuid;

export async function writtenLedger(): Promise<WrittenLedger> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await testPostgres());
  const cache = stack.use(await testRedis());
  const way = stack.use(await wayTo(database.url));
  const postgres = stack.use(
    openPostgres({
      url: way.url,
      poolSize: 4,
      statementTimeoutMs: 20_000,
      applicationName: "seat-broker-test",
    }),
  );
  await migrate(postgres, new URL("../migrations/", import.meta.url));
  const redis = stack.use(await openRedis({ url: cache.url, commandTimeoutMs: 20_000 }));
  const client = new Redis(cache.url);
  stack.defer(() => client.disconnect());
  const pools = postgresPools(postgres);
  const told: string[] = [];
  const open = stack.move();
  return {
    postgres,
    way,
    client,
    usage: postgresLedger(postgres),
    stream: redisLedger(redis),
    reader: postgresUsage(postgres),
    pools,
    told,
    events: {
      usageNotTaken: (error) => void told.push(`not taken: ${String(error)}`),
      usageNotKept: (error) => void told.push(`not kept: ${String(error)}`),
      usageEntriesDropped: (_, count) => void told.push(`dropped ${count}`),
      usageEntryUnreadable: () => void told.push("unreadable"),
    },
    license: async (terms) => {
      const pool = somePool(terms);
      await pools.keep(pool);
      return pool;
    },
    write: (license, kind, said = {}) => write(redis, license, kind, said),
    knowOnly: async (license, lease) => {
      for (const name of ["z", "t", "x"]) await client.zadd(keyOf(license, name), "inf", "!");
      for (const name of ["s", "h"]) await client.hset(keyOf(license, name), "!", "");
      await client.sadd(keyOf(license, "d"), "!");
      await client.zadd(keyOf(license, "z"), "9e15", packed(lease));
      await client.hset(keyOf(license, "h"), packed(lease), "1.1||||");
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

export function packed(uuid: Uuid): string {
  return Buffer.from(uuidBytes(uuid)).toString("base64url");
}

export function keyOf(license: Uuid, name: string): string {
  return `lease:{${packed(license)}}:${name}`;
}

async function write(
  redis: RedisConnection,
  license: Uuid,
  kind: string,
  { epoch = 1, at = MIDNIGHT, lease = someUuid(), ...said }: Said,
): Promise<Uuid> {
  const fields = { ...FIELDS[kind], ...said };
  const rest = Object.entries(fields).flatMap(([field, value]) => [field, String(value)]);
  const keys = [keyOf(license, "m")];
  await (kind === "deny"
    ? evaluate(redis, RECORD_DENIAL, keys, [epoch, at, packed(lease), ...rest])
    : evaluate(redis, RECORD, keys, [epoch, kind, at, packed(lease), ...rest]));
  return lease;
}

const PARTY = {
  by: packed(INSTALLATION),
  facts: JSON.stringify(["ada", "difference", "17", "1.0", "10.0.0.7"]),
};
const GRANT = { fence: "1.7", ...PARTY, seats: 1, features: "", unit: "", live: 1 };
const FIELDS: Readonly<Record<string, Readonly<Record<string, string | number>>>> = {
  grant: GRANT,
  readmit: { ...GRANT, facts: "" },
  end: { reason: "RELEASED" },
  deny: { ...PARTY, seats: 1, features: "", cause: "FULL", live: 3, waiting: 0 },
};
