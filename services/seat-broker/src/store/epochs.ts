import type { Uuid } from "@leasehold/kernel";
import { type Executor, first, type RedisConnection, statement } from "@leasehold/store-kit";
import { callReadEpoch } from "./seat-scripts.ts";

const raise = statement<{ readonly lease_epoch: bigint }, readonly [license: Uuid, taken: bigint]>(
  new URL("../../sql/raise_epoch.sql", import.meta.url),
);

/** @see RaiseEpochsPorts.epochInRedis */
export async function epochInRedis(
  redis: RedisConnection,
  license: Uuid,
): Promise<bigint | undefined> {
  const reply = await callReadEpoch(redis, license);
  const epoch: unknown = Array.isArray(reply) ? reply[0] : undefined;
  return typeof epoch === "string" && /^\d+$/.test(epoch) ? BigInt(epoch) : undefined;
}

/** @see RaiseEpochsPorts.raise */
export async function raiseEpoch(
  executor: Executor,
  license: Uuid,
  taken: bigint,
): Promise<bigint | undefined> {
  return (await first(executor, raise, [license, taken]))?.lease_epoch;
}
