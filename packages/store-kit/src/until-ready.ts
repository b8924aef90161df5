import { once } from "node:events";
import type { Redis } from "ioredis";

/**
 * Resolves when a client that is connecting takes commands.
 * @throws Error the first error on the way, or that it took too long
 */
export async function untilReady(client: Redis, limitMs: number): Promise<void> {
  if (client.status === "ready") return;
  await once(client, "ready", { signal: AbortSignal.timeout(limitMs) });
}
