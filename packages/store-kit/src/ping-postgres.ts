import type { Executor } from "./executor.ts";
import { one, statement } from "./statement.ts";

const ping = statement<{ readonly alive: true }>(new URL("../sql/ping.sql", import.meta.url));

/**
 * Asks the database for a sign of life.
 * @throws Problem DEPENDENCY_UNAVAILABLE
 */
export async function pingPostgres(executor: Executor): Promise<void> {
  await one(executor, ping, []);
}
