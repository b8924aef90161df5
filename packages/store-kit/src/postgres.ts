import { type ClientConfig, Pool, type QueryConfig, TypeOverrides } from "pg";
import type { Executor } from "./executor.ts";
import { Session } from "./session.ts";
import { postgresUnavailable } from "./store-problems.ts";

/** How to reach a database. */
export interface PostgresOptions {
  /** `postgres://user@host:port/database`. */
  readonly url: string;
  /** The password, if the URL has none. */
  readonly password?: string | undefined;
  /** How many sessions at most. */
  readonly poolSize: number;
  /** After how many milliseconds the server ends a statement, or a transaction that idles. */
  readonly statementTimeoutMs: number;
  /** What the sessions are called in the server's views. */
  readonly applicationName: string;
  /** Told of a session that was lost while nobody used it. */
  readonly onConnectionLost?: ((error: Error) => void) | undefined;
}

const INT8 = 20;
const INT8_ARRAY = 1016;

/** Types as the driver gives them, but 64-bit integers as bigint: a number would round them. */
const EXACT_TYPES = new TypeOverrides();
EXACT_TYPES.setTypeParser(INT8, BigInt);
EXACT_TYPES.setTypeParser(INT8_ARRAY, (text) =>
  (text.match(/-?\d+|NULL/g) ?? []).map((n) => (n === "NULL" ? null : BigInt(n))),
);

/** A pool of sessions of one database. A statement run on it is a transaction of its own. */
export class Postgres implements Executor, AsyncDisposable {
  readonly pool: Pool;
  /** What a session of its own, beside the pool, is opened with. */
  readonly config: ClientConfig;

  constructor(options: PostgresOptions) {
    this.config = clientConfig(options);
    this.pool = new Pool({ ...this.config, max: options.poolSize, idleTimeoutMillis: 30_000 });
    const lost = options.onConnectionLost;
    this.pool.on("error", (error) => lost?.(error));
    // A session in use tells its user by failing the statement; without a listener the
    // event would end the process.
    this.pool.on("connect", (client) => client.on("error", () => undefined));
  }

  async query<Row>(query: QueryConfig): Promise<readonly Row[]> {
    return this.session((session) => session.query<Row>(query));
  }

  /**
   * Lends a session for some work, and takes it back into the pool unless it was lost.
   * @throws Problem DEPENDENCY_UNAVAILABLE if none can be had
   */
  async session<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const client = await this.pool.connect().catch((error: unknown) => {
      throw postgresUnavailable(error);
    });
    const session = new Session(client);
    try {
      return await work(session);
    } finally {
      client.release(session.lost);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.pool.end();
  }
}

/** Opens a pool. Connects when the first statement needs it. */
export function openPostgres(options: PostgresOptions): Postgres {
  return new Postgres(options);
}

/** The driver takes what the URL says over everything else, so the password must be in it. */
function withPassword({ url, password }: PostgresOptions): string {
  if (password === undefined) return url;
  const complete = new URL(url);
  complete.password = encodeURIComponent(password);
  return complete.href;
}

function clientConfig(options: PostgresOptions): ClientConfig {
  return {
    connectionString: withPassword(options),
    application_name: options.applicationName,
    statement_timeout: options.statementTimeoutMs,
    lock_timeout: options.statementTimeoutMs,
    idle_in_transaction_session_timeout: options.statementTimeoutMs,
    // The client's own limit comes second: it is for a server that answers no more.
    query_timeout: options.statementTimeoutMs + 1_000,
    connectionTimeoutMillis: 3_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: EXACT_TYPES,
  };
}
