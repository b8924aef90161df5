import { readdir, readFile } from "node:fs/promises";
import { newUuid, systemClock, systemRandom, type Uuid, uuidBytes } from "@leasehold/kernel";
import { openRedis } from "@leasehold/store-kit";
import { startPostgres, startRedis } from "@leasehold/testkit";
import { Redis } from "ioredis";
import { Pool } from "pg";
import { leaseIdOf } from "../../services/seat-broker/src/domain/lease-id.ts";
import { redisSeatStore } from "../../services/seat-broker/src/store/redis-seat-store.ts";
import { somePool } from "../../services/seat-broker/test/some-pool.ts";

/** What it took so far. */
export interface Costs {
  /** Of the processors, for all processes of the server, in milliseconds. */
  readonly cpuMs: number;
  /** Written ahead, and the table of leases, in bytes; 0 where there is none. */
  readonly wal: number;
  readonly table: number;
  /** Updates of rows, and the share of them that touched no index. */
  readonly updates: number;
  readonly heapOnly: number;
}

/** The part of a lease store that is measured. */
export interface LeaseStore extends AsyncDisposable {
  readonly name: string;
  /** Sets a license up. */
  open(license: Uuid, seats: number): Promise<void>;
  acquire(license: Uuid, member: string): Promise<boolean>;
  /** @returns how many were */
  renew(license: Uuid, members: readonly string[]): Promise<number>;
  release(license: Uuid, member: string): Promise<void>;
  costs(): Promise<Costs>;
}

/** No lease runs out while the others are measured. */
const HOUR_MS = 3_600_000;
const INSTALLATION = newUuid(systemClock, systemRandom);
const HOLDER = {
  installation: INSTALLATION,
  user: "ada",
  host: "difference",
  process: "17",
  applicationVersion: "1.0",
  address: "192.0.2.7",
};

export function newMember(): string {
  return Buffer.from(uuidBytes(newUuid(systemClock, systemRandom))).toString("base64url");
}

/** The seat-broker's own store. */
export async function redisLeases(name: string, appendonly: boolean): Promise<LeaseStore> {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startRedis({ appendonly }));
  const redis = stack.use(await openRedis({ url: server.url, commandTimeoutMs: 10_000 }));
  const client = new Redis(server.url);
  stack.defer(() => client.disconnect());
  const seats = redisSeatStore({ redis, clock: systemClock, fenceMs: 0, apart: setImmediate });
  const letGo = stack.move();
  return {
    name,
    open: async (license, size) => {
      const pool = somePool({ license, seats: size, validityMs: HOUR_MS });
      const incarnation = await seats.readIncarnation(license);
      const inForce = { ...pool, drain: { drained: false, revision: 0n } };
      const start = { pool: inForce, epoch: 1n, longestLeaseMs: 0, room: 0 };
      await seats.setUp({ incarnation, since: incarnation.now, start });
    },
    acquire: async (license, member) => {
      const id = leaseIdOf(license, member);
      const request = { license, id, holder: HOLDER, claim: { seats: 1, features: [] } };
      const decided = { packed: "", priority: 0, revision: 1n };
      return (await seats.acquire(request, decided)).kind === "granted";
    },
    renew: async (license, members) => {
      const [outcome] = await seats.renew([{ license, members }]);
      if (outcome?.kind !== "decided") return 0;
      return outcome.outcomes.filter((one) => one === "renewed").length;
    },
    release: async (license, member) => {
      await seats.release(license, leaseIdOf(license, member), INSTALLATION);
    },
    costs: async () => {
      const info = await client.info("cpu");
      const seconds = [...info.matchAll(/used_cpu_(?:sys|user):([\d.]+)/g)].map(([, told]) =>
        Number(told),
      );
      const cpuMs = 1_000 * seconds.reduce((sum, one) => sum + one, 0);
      return { cpuMs, wal: 0, table: 0, updates: 0, heapOnly: 0 };
    },
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}

/** The prototype. @param synchronous whether a commit is answered only when it is on disk */
export async function postgresLeases(name: string, synchronous: boolean): Promise<LeaseStore> {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startPostgres());
  const options = `-c synchronous_commit=${synchronous ? "on" : "off"}`;
  const pool = new Pool({ connectionString: server.url, max: 16, options });
  pool.on("error", () => {}); // the server ends its sessions when it stops
  stack.defer(() => pool.end());
  await pool.query(await readFile(new URL("leases.sql", import.meta.url), "utf8"));
  const who = JSON.stringify(HOLDER);
  const letGo = stack.move();
  return {
    name,
    open: async (license, seats) => {
      await pool.query("INSERT INTO pools VALUES ($1, $2, 1, 0)", [license, seats]);
    },
    acquire: async (license, member) => {
      const text = "SELECT acquire($1, $2, $3) AS fence";
      const values = [license, member, who];
      const { rows } = await pool.query<{ fence: string | null }>({
        name: "acquire",
        text,
        values,
      });
      return rows[0]?.fence !== null;
    },
    renew: async (license, members) => {
      const text = `UPDATE leases SET expiry = clock_timestamp() + interval '1 hour'
        WHERE license = $1 AND id = ANY ($2) AND expiry > clock_timestamp()`;
      const values = [license, members];
      return (await pool.query({ name: "renew", text, values })).rowCount ?? 0;
    },
    release: async (license, member) => {
      const text = "DELETE FROM leases WHERE license = $1 AND id = $2";
      await pool.query({ name: "release", text, values: [license, member] });
    },
    costs: async () => {
      const { rows } = await pool.query<Record<string, string>>(COSTS);
      const [{ pid, ...told } = {}] = rows;
      const figures = Object.entries(told).map(([name, value]) => [name, Number(value)]);
      return { ...(Object.fromEntries(figures) as Costs), cpuMs: await cpuOfSiblings(Number(pid)) };
    },
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}

const COSTS = `
  SELECT pg_backend_pid() AS pid, pg_current_wal_lsn() - '0/0' AS wal,
    pg_table_size('leases') AS table, n_tup_upd AS updates, n_tup_hot_upd AS "heapOnly"
  FROM pg_stat_user_tables WHERE relname = 'leases'`;

/** Of a process' parent and all children of that, in milliseconds. Linux counts in hundredths of a second. */
async function cpuOfSiblings(pid: number): Promise<number> {
  const parent = (await statOf(pid))?.parent;
  let ticks = 0;
  for (const entry of await readdir("/proc")) {
    const stat = /^\d+$/.test(entry) ? await statOf(Number(entry)) : undefined;
    if (stat?.parent === parent) ticks += stat?.own ?? 0;
    else if (Number(entry) === parent) ticks += (stat?.own ?? 0) + (stat?.ended ?? 0);
  }
  return ticks * 10;
}

/** `ended`: of its children that have ended. */
async function statOf(pid: number) {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  const fields = text
    ?.slice(text.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  if (!fields) return undefined;
  const [, parent = 0] = fields;
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
  return { parent, own: user + system, ended: endedUser + endedSystem };
}
