import { execFile } from "node:child_process";
import { chown, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";
import { type GuardedFolder, guardedFolder, type ServerUser } from "./guarded-folder.ts";

const run = promisify(execFile);

/** All data of a server as of a moment, as pg_basebackup makes it; removed on disposal. */
export interface PostgresBackup extends AsyncDisposable {
  /** The folder with the data. */
  readonly data: string;
  /** Of the superuser. */
  readonly password: string;
}

/** Copies the data of a server that works meanwhile. */
export async function backUpPostgres(server: {
  readonly url: string;
  readonly data: string;
  readonly password: string;
  readonly user: ServerUser | undefined;
}): Promise<PostgresBackup> {
  const folder = await guardedFolder("postgres-backup", server.user);
  const data = join(folder.path, "data");
  const client = new Client({ connectionString: server.url });
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query("select pg_backup_start('copy', true)");
    await copyWhatStays(server.data, data);
    const { rows } = await client.query<{ labelfile: string }>(
      "select labelfile from pg_backup_stop(false)",
    );
    // What was written while it was copied is made good by the log, which reaches to the stop.
    await copyWhatStays(`${join(server.data, "pg_wal")}/.`, join(data, "pg_wal"));
    await finish(data, rows[0]?.labelfile ?? "", server.user);
  } finally {
    await client.end().catch(() => {});
  }
  return backupIn(folder, { data, password: server.password });
}

/** Puts data in place of others, of a server that does not run. */
export async function putBack({ data }: Pick<PostgresBackup, "data">, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await run("cp", ["-a", data, to]);
}

/** Files that go while they are copied are none that a backup needs. */
async function copyWhatStays(from: string, to: string): Promise<void> {
  await run("cp", ["-a", from, to]).catch((error: unknown) => {
    const lines = String((error as { readonly stderr?: string }).stderr)
      .trim()
      .split("\n");
    if (!lines.every((line) => line.includes("No such file"))) throw error;
  });
}

async function finish(data: string, label: string, user: ServerUser | undefined): Promise<void> {
  for (const file of ["postmaster.pid", "postmaster.opts"])
    await rm(join(data, file), { force: true });
  const labelFile = join(data, "backup_label");
  await writeFile(labelFile, label, { mode: 0o600 });
  if (user) await chown(labelFile, user.uid, user.gid);
}

function backupIn(
  folder: GuardedFolder,
  facts: Pick<PostgresBackup, "data" | "password">,
): PostgresBackup {
  return { ...facts, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}
