import type { Postgres } from "@leasehold/store-kit";

const TABLES =
  "select relname as name from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r'";

/** Everything that a database holds, as text; bytes also as the characters that they are. */
export async function databaseText(postgres: Postgres): Promise<string> {
  const tables = await postgres.query<{ readonly name: string }>({ text: TABLES });
  if (tables.length < 10) throw new Error("the database has no tables to speak of");
  const texts: string[] = [];
  for (const { name } of tables) {
    const rows = await postgres.query<{ readonly row: string }>({
      text: `select to_jsonb(t)::text as row from ${name} t`,
    });
    texts.push(...rows.map(({ row }) => row));
  }
  const text = texts.join("\n");
  const bytes = text.matchAll(/\\\\x([0-9a-f]+)/g);
  return [text, ...bytes.map(([, hex = ""]) => Buffer.from(hex, "hex").toString("latin1"))].join(
    "\n",
  );
}

/** What would betray a product key: all of it, and each part that nobody may learn. */
export function tracesOf(secret: string): readonly string[] {
  const plain = secret.replaceAll("-", "");
  return [secret, plain, plain.slice(1, 21), secret.slice(6), plain.slice(5)];
}
