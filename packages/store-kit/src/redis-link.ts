import { Redis, type RedisOptions as ClientOptions } from "ioredis";
import type { Address, RedisTarget, SentinelTarget } from "./redis-target.ts";

/** How long a connection may take to come about, in milliseconds. */
const CONNECT_LIMIT_MS = 3_000;
const LAST_RETRY_MS = 1_000;
const LOADING_RETRY_MS = 100;

/** A connection to one server, which is opened again by itself. */
export interface RedisLink {
  /** Host and port of the server, as one text. */
  readonly name: string;
  readonly address: Address;
  readonly client: Redis;
}

/**
 * What every connection is set to. A reply may be lost after its command ran: sending again would
 * run it twice. And a command that waits for a connection is decided upon too late. So nothing is
 * sent again or kept, and a command without a connection fails at once.
 */
function linkSettings(
  { credentials, tls }: Pick<RedisTarget, "credentials" | "tls">,
  commandTimeoutMs: number,
) {
  return {
    ...credentials,
    ...(tls ? { tls: {} } : {}),
    lazyConnect: true,
    commandTimeout: commandTimeoutMs,
    connectTimeout: CONNECT_LIMIT_MS,
    autoResendUnfulfilledCommands: false,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: retryDelay,
    // A server that reads its data back guesses how long that takes, after some bytes: by hours too much.
    maxLoadingRetryTime: LOADING_RETRY_MS,
    // A server that hangs does not close its side; the next connection does not wait for it.
    disconnectTimeout: 100,
    // No primary any more: the next connection looks for the new one. The command fails.
    reconnectOnError: (error) => error.message.startsWith("READONLY"),
  } satisfies ClientOptions;
}

/** A client of the server at an address; not connected yet. */
export function clientOf(target: RedisTarget, address: Address, commandTimeoutMs: number): Redis {
  const db = target.kind === "single" ? target.database : 0;
  const client = new Redis({ ...linkSettings(target, commandTimeoutMs), ...address, db });
  return client.setMaxListeners(0); // every command that is sent on may wait for the connection
}

/** A client of whichever server the sentinels name as the primary; not connected yet. */
export function sentinelClient(target: SentinelTarget, commandTimeoutMs: number): Redis {
  const { sentinelCredentials, sentinels, tls } = target;
  return new Redis({
    ...linkSettings(target, commandTimeoutMs),
    name: target.primary,
    db: target.database,
    sentinels: [...sentinels],
    sentinelUsername: sentinelCredentials.username,
    sentinelPassword: sentinelCredentials.password,
    ...(tls ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
    sentinelCommandTimeout: 1_000,
    // Without an end: a client whose sentinels were all away for once would never come back.
    sentinelRetryStrategy: retryDelay,
    sentinelReconnectStrategy: retryDelay,
    // Sentinels tell of a failover that the connection does not notice: the primary may only hang.
    failoverDetector: true,
  });
}

/** Short: an outage that holders do not notice is counted in seconds. */
function retryDelay(attempt: number): number {
  return Math.min(25 * 2 ** Math.min(attempt, 6), LAST_RETRY_MS);
}

/** Lets go of a connection, in whatever state it is. */
export async function closeClient(client: Redis): Promise<void> {
  // Between two attempts to connect there is no socket whose end could be told.
  const isOpen = client.status === "ready" || client.status === "connect";
  const ended = new Promise<void>((resolve) => client.once("end", resolve));
  client.disconnect();
  if (isOpen) await ended;
}
