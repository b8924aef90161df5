import type { ClientBase, QueryConfig, QueryResult } from "pg";
import type { Executor } from "./executor.ts";
import { isSessionLost, isUnavailable } from "./postgres-errors.ts";
import { postgresUnavailable } from "./store-problems.ts";

/** One session of a database, lent for a piece of work. */
export class Session implements Executor {
  readonly #client: ClientBase;
  #lost = false;

  constructor(client: ClientBase) {
    this.#client = client;
  }

  /** Whether the session can no longer be used. The server rolled back what was open. */
  get lost(): boolean {
    return this.#lost;
  }

  async query<Row>(query: QueryConfig): Promise<readonly Row[]> {
    const result = await this.#send(query);
    return result.rows as readonly Row[];
  }

  /**
   * Runs text without parameters: a command, or several statements.
   * @returns the command tag of the last one, for example `COMMIT`
   */
  async command(text: string): Promise<string | undefined> {
    // Several statements give several results, which the driver's types do not know of.
    const results: readonly QueryResult[] = [await this.#send({ text })].flat();
    return results.at(-1)?.command;
  }

  async #send(query: QueryConfig): Promise<QueryResult> {
    try {
      return await this.#client.query(query);
    } catch (error) {
      if (isSessionLost(error)) this.#lost = true;
      throw isUnavailable(error) ? postgresUnavailable(error) : error;
    }
  }
}
