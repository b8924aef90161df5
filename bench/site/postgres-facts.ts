import { readFile } from "node:fs/promises";
import type { Client } from "pg";

/** What was written to a database so far. */
export interface Written {
  readonly rows: number;
  /** Of the whole server's log of changes. */
  readonly logBytes: number;
}

/** The process that has started all others of a Postgres; 0 if that is not on this machine, or there is no /proc. */
export async function postmasterOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  const stat = await readFile(`/proc/${rows[0]?.pid}/stat`, "utf8").catch(() => "");
  if (!stat.includes("(postgres)")) return 0;
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}

/** Counts lag by up to a second. */
export async function writtenTo(client: Client): Promise<Written> {
  const { rows } = await client.query<{ rows: string; bytes: string }>(
    `select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) as rows,
       pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as bytes
     from pg_stat_user_tables`,
  );
  return { rows: Number(rows[0]?.rows), logBytes: Number(rows[0]?.bytes) };
}
