import { Client, escapeIdentifier } from "pg";
import type { Postgres } from "./postgres.ts";

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 10_000;

/**
 * Calls `onWake` upon each notification of a channel, and once after each connection, when
 * notifications may have been missed. A hint only: a notification can be lost with its
 * connection, so whoever listens also polls. Connects again by itself.
 */
export function listen(postgres: Postgres, channel: string, onWake: () => void): AsyncDisposable {
  let closed = false;
  let client: Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  let connecting: Promise<void> = Promise.resolve();

  async function connect(failures: number): Promise<void> {
    let over = false;
    const again = (count: number) => {
      if (over) return;
      over = true;
      void client?.end().catch(() => undefined);
      if (closed) return;
      const delay = Math.min(FIRST_RETRY_MS * 2 ** count, LAST_RETRY_MS);
      retry = setTimeout(() => {
        connecting = connect(count + 1);
      }, delay);
    };
    try {
      const next = await postgres.opening(() => opened(postgres));
      client = next;
      next.on("error", () => again(0));
      next.on("end", () => again(0));
      next.on("notification", onWake);
      await next.query(`listen ${escapeIdentifier(channel)}`);
      if (!closed) onWake();
    } catch {
      again(failures);
    }
  }

  connecting = connect(0);
  return {
    async [Symbol.asyncDispose]() {
      closed = true;
      clearTimeout(retry);
      await connecting;
      await client?.end().catch(() => undefined);
    },
  };
}

/** A session that is connected; one that cannot be is let go of. */
async function opened(postgres: Postgres): Promise<Client> {
  const client = new Client(postgres.config);
  client.on("error", () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}
