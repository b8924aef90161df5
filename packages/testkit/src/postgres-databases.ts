import { Client, escapeIdentifier } from "pg";

/** Who owns a new database; created with it, and dropped with it. */
export interface DatabaseOwner {
  readonly role: string;
  readonly password: string;
}

/** An empty database that only its owner and the superuser may enter; dropped on disposal. */
export interface Database extends AsyncDisposable {
  /** Holds no password: that is the owner's, or the one in the URL it was created through. */
  readonly name: string;
}

/**
 * @param adminUrl of a user who may create databases and, if an owner is given, roles.
 * @param name a new one, of lower-case letters, digits and underscores.
 */
export async function createDatabase(
  adminUrl: string,
  name: string,
  owner?: DatabaseOwner,
): Promise<Database> {
  await withClient(adminUrl, async (client) => {
    if (owner !== undefined) {
      await client.query(
        `CREATE ROLE ${quoted(owner.role)} LOGIN PASSWORD ${client.escapeLiteral(owner.password)}`,
      );
      await client.query(`GRANT ${quoted(owner.role)} TO CURRENT_USER`);
    }
    const ownership = owner === undefined ? "" : ` OWNER ${quoted(owner.role)}`;
    await client.query(
      `CREATE DATABASE ${quoted(name)}${ownership} TEMPLATE template0 ENCODING 'UTF8'`,
    );
    await client.query(`REVOKE ALL ON DATABASE ${quoted(name)} FROM PUBLIC`);
  });
  return {
    name,
    [Symbol.asyncDispose]: () =>
      withClient(adminUrl, async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${quoted(name)} WITH (FORCE)`);
        if (owner !== undefined) await client.query(`DROP ROLE IF EXISTS ${quoted(owner.role)}`);
      }),
  };
}

/** The same URL with another database, and another user where one is given. */
export function databaseUrl(
  adminUrl: string,
  name: string,
  user?: { readonly role: string; readonly password?: string },
): string {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  if (user !== undefined) {
    url.username = user.role;
    url.password = user.password ?? "";
  }
  return url.href;
}

async function withClient(url: string, use: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on("error", () => {});
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}

function quoted(identifier: string): string {
  return escapeIdentifier(identifier);
}
