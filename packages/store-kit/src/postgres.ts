import { type ClientConfig, Pool, type QueryConfig, TypeOverrides } from "pg";
import type { Executor } from "./executor.ts";
import { Session } from "./session.ts";
import { isPasswordRefused } from "./postgres-errors.ts";
import { postgresUnavailable } from "./store-problems.ts";

/** How to reach a database. */
export interface PostgresOptions {
  /** `postgres://user@host:port/database`. */
  readonly url: string;
  /** Passwords, if the URL has none: while the database's changes, each is tried until one is not refused. */
  readonly passwords?: readonly string[] | undefined;
  /** How many sessions at most. */
  readonly poolSize: number;
  /** After how many milliseconds the server ends a statement, or a transaction that idles. */
  readonly statementTimeoutMs: number;
  /** What the sessions are called in the server's views. */
  readonly applicationName: string;
  /** Told of a session that was lost while nobody used it. */
  readonly onConnectionLost?: ((error: Error) => void) | undefined;
}

/** How many sessions a pool has. */
export interface PoolStanding {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  /** How many there may be. */
  readonly most: number;
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
  readonly #urls: readonly string[];
  readonly #options: PostgresOptions;
  /** Which of the URLs, each with another password, was not refused. */
  #current = 0;

  constructor(options: PostgresOptions) {
    this.#options = options;
    this.#urls = urlsOf(options);
    this.pool = new Pool({ ...this.config, max: options.poolSize, idleTimeoutMillis: 30_000 });
    const lost = options.onConnectionLost;
    this.pool.on("error", (error) => lost?.(error));
    // A session in use tells its user by failing the statement; without a listener the
    // event would end the process.
    this.pool.on("connect", (client) => client.on("error", () => undefined));
  }

  /** How many sessions there are, and who waits for one. */
  standing(): PoolStanding {
    const { totalCount, idleCount, waitingCount } = this.pool;
    return { totalCount, idleCount, waitingCount, most: this.#options.poolSize };
  }

  /** What a session of its own, beside the pool, is opened with now. */
  get config(): ClientConfig {
    return clientConfig(this.#options, this.#urls[this.#current] ?? this.#options.url);
  }

  /**
   * Does what opens a session, again with the next password where one is refused, until each was.
   * @throws Problem DEPENDENCY_UNAVAILABLE
   */
  async opening<T>(open: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      const used = this.#current;
      try {
        return await open();
      } catch (error) {
        if (!isPasswordRefused(error) || tries >= this.#urls.length)
          throw postgresUnavailable(error);
        // Unless another one turned to the next meanwhile.
        if (this.#current === used) this.#current = (used + 1) % this.#urls.length;
        // The pool reads it with each session that it opens.
        Object.assign(this.pool.options, { connectionString: this.config.connectionString });
      }
    }
  }

  async query<Row>(query: QueryConfig): Promise<readonly Row[]> {
    return this.session((session) => session.query<Row>(query));
  }

  /**
   * Lends a session for some work, and takes it back into the pool unless it was lost.
   * @throws Problem DEPENDENCY_UNAVAILABLE if none can be had
   */
  async session<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const client = await this.opening(() => this.pool.connect());
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
function urlsOf({ url, passwords = [] }: PostgresOptions): readonly string[] {
  if (passwords.length === 0) return [url];
  return passwords.map((password) => {
    const complete = new URL(url);
    complete.password = encodeURIComponent(password);
    return complete.href;
  });
}

function clientConfig(options: PostgresOptions, connectionString: string): ClientConfig {
  return {
    connectionString,
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
