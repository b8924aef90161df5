import { readFileSync } from "node:fs";
import { Client } from "pg";
import { type Migration, readMigrations } from "./migration-files.ts";
import type { Postgres } from "./postgres.ts";
import { Session } from "./session.ts";
import { run, statement } from "./statement.ts";
import { within } from "./transaction.ts";

const sql = (file: string) => new URL(`../sql/${file}`, import.meta.url);

const lockMigrations = statement<object>(sql("lock_migrations.sql"));
type Applied = Omit<Migration, "text">;
const listMigrations = statement<Applied>(sql("list_migrations.sql"));
const recordMigration = statement<
  never,
  readonly [version: number, name: string, sha256: string, needs: number | null]
>(sql("record_migration.sql"));

/** The table of applied migrations, made where it is missing. */
const SCHEMA_MIGRATION = readFileSync(
  new URL("../ddl/schema_migration.sql", import.meta.url),
  "utf8",
);

/** A migrator waits for another one, and works, as long as it must. */
const NO_LIMITS = {
  statement_timeout: 0,
  lock_timeout: 0,
  idle_in_transaction_session_timeout: 0,
  query_timeout: 0,
};

/**
 * Brings the schema up to the last migration of a directory: files `NNNN_name.sql`, each
 * carried out in a transaction of its own, forward only. Any number of programs may migrate
 * at a time: one works, the others wait and find it done. A database that is ahead of the
 * files, because a newer program migrated it, is left as it is; unless what was done there needs a program that
 * knows more than these files.
 * @param directory URL that ends with a slash
 * @returns the names of the migrations applied by this call
 * @throws Error if a migration that was applied has changed since, or is missing, or these files are too old for
 *   the database
 */
export async function migrate(postgres: Postgres, directory: URL): Promise<readonly string[]> {
  const migrations = await readMigrations(directory);
  const client = await postgres.opening(() => connect(postgres));
  try {
    const session = new Session(client);
    await run(session, lockMigrations, []);
    return await applyMissing(session, migrations);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function connect(postgres: Postgres): Promise<Client> {
  const client = new Client({ ...postgres.config, ...NO_LIMITS });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

async function applyMissing(
  session: Session,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  await session.command(SCHEMA_MIGRATION);
  const applied = new Map(
    (await run(session, listMigrations, [])).map((migration) => [migration.version, migration]),
  );
  refuseTooOld([...applied.values()], migrations.length);
  const missing = migrations.filter(({ version, name, sha256 }) => {
    const earlier = applied.get(version);
    if (earlier !== undefined && earlier.sha256 !== sha256)
      throw new Error(`migration ${name} is not what was applied as ${earlier.name}`);
    return earlier === undefined;
  });
  for (const migration of missing) await apply(session, migration);
  return missing.map(({ name }) => name);
}

function refuseTooOld(applied: readonly Applied[], known: number): void {
  const beyond = applied.find(({ needs }) => needs !== null && needs > known);
  if (beyond)
    throw new Error(
      `the schema is newer than this version: ${beyond.name} needs one that knows migration ${beyond.needs}, this one knows ${known}`,
    );
}

async function apply(
  session: Session,
  { version, name, text, sha256, needs }: Migration,
): Promise<void> {
  await within(session, async () => {
    await session.command(text);
    await run(session, recordMigration, [version, name, sha256, needs]);
  });
}
