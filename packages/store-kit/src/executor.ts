import type { QueryConfig } from "pg";

/** What runs statements: a pool, each by itself, or a transaction, all or none. */
export interface Executor {
  /**
   * Runs one query; every row has the columns of its select list.
   * @throws Problem DEPENDENCY_UNAVAILABLE where the database is to blame; the driver's
   *   `DatabaseError` where the statement is
   */
  query<Row>(query: QueryConfig): Promise<readonly Row[]>;
}
