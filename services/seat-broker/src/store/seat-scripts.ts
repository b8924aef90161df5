import type { Uuid } from "@leasehold/kernel";
import { uuidBytes } from "@leasehold/kernel";
import {
  evaluate,
  evaluateMany,
  type RedisConnection,
  type ScriptCall,
} from "@leasehold/store-kit";
import type { Pool } from "../domain/pool.ts";
import type {
  PoolSetUp,
  RenewalBatch,
  Returner,
  SeatPosition,
  SeatRequest,
  WaitRequest,
} from "../use-cases/ports.ts";
import { seatScript } from "./lua-source.ts";
import { fieldsOfPool, POOL_FIELDS } from "./pool-fields.ts";
import { packFence, packHolder, packInstallation } from "./seat-facts.ts";

// The only place that knows what the scripts expect in KEYS and ARGV. Their replies are
// described in lua/ and read in script-replies.ts.

const scripts = {
  acquire: seatScript("acquire_seat.lua"),
  renew: seatScript("renew_seats.lua"),
  readmit: seatScript("readmit_seats.lua"),
  release: seatScript("release_seat.lua"),
  wait: seatScript("wait_in_queue.lua"),
  leave: seatScript("leave_queue.lua"),
  setUp: seatScript("init_pool.lua"),
  applyTerms: seatScript("apply_terms.lua"),
  readTerms: seatScript("read_terms.lua"),
  list: seatScript("list_seats.lua"),
  readClock: seatScript("read_clock.lua"),
};

/** All keys of a license carry one hash tag, so that one script may touch them all. */
function keysOf(license: Uuid): readonly string[] {
  const tag = `lease:{${Buffer.from(uuidBytes(license)).toString("base64url")}}`;
  return ["m", "z", "h", "t", "c", "q", "qt"].map((name) => `${tag}:${name}`);
}

export function callAcquire(
  redis: RedisConnection,
  { license, id, holder }: SeatRequest,
  time: { readonly estimate: number; readonly steppedAt: number },
): Promise<unknown> {
  const installation = packInstallation(holder.installation);
  const args = [time.estimate, time.steppedAt, id.member, installation, packHolder(holder)];
  return evaluate(redis, scripts.acquire, keysOf(license), args);
}

export function callWait(
  redis: RedisConnection,
  { license, id, place }: WaitRequest,
  time: { readonly estimate: number; readonly steppedAt: number },
): Promise<unknown> {
  const { order, seenAt } = place ?? { order: 0, seenAt: 0 };
  const args = [time.estimate, time.steppedAt, id.member, order, seenAt];
  return evaluate(redis, scripts.wait, keysOf(license), args);
}

export function callLeave(redis: RedisConnection, license: Uuid, member: string): Promise<unknown> {
  return evaluate(redis, scripts.leave, keysOf(license), [member]);
}

export function callRenew(
  redis: RedisConnection,
  batches: readonly RenewalBatch[],
  estimate: number,
): Promise<readonly PromiseSettledResult<unknown>[]> {
  const calls = batches.map(({ license, members }): ScriptCall => ({
    keys: keysOf(license),
    args: [estimate, ...members],
  }));
  return evaluateMany(redis, scripts.renew, calls);
}

export function callReadmit(
  redis: RedisConnection,
  license: Uuid,
  returners: readonly Returner[],
  estimate: number,
): Promise<unknown> {
  const leases = returners.flatMap(({ member, installation, fence, expiry }) => [
    member,
    packInstallation(installation),
    packFence(fence),
    expiry,
  ]);
  return evaluate(redis, scripts.readmit, keysOf(license), [estimate, ...leases]);
}

export function callRelease(
  redis: RedisConnection,
  license: Uuid,
  lease: { readonly member: string; readonly installation: Uuid },
  estimate: number,
): Promise<unknown> {
  const args = [estimate, lease.member, packInstallation(lease.installation)];
  return evaluate(redis, scripts.release, keysOf(license), args);
}

export function callSetUp(
  redis: RedisConnection,
  { incarnation, firstSeen, start }: PoolSetUp,
  fenceMs: number,
): Promise<unknown> {
  const { pool, epoch, longestLeaseMs } = start;
  const args = [
    incarnation.now,
    incarnation.name,
    firstSeen,
    fenceMs,
    longestLeaseMs,
    String(epoch),
    String(pool.revision),
    ...fieldsOfPool(pool),
  ];
  return evaluate(redis, scripts.setUp, keysOf(pool.license), args);
}

export function callApplyTerms(redis: RedisConnection, pool: Pool): Promise<unknown> {
  const args = [String(pool.revision), ...fieldsOfPool(pool)];
  return evaluate(redis, scripts.applyTerms, keysOf(pool.license), args);
}

export function callReadTerms(redis: RedisConnection, license: Uuid): Promise<unknown> {
  return evaluate(redis, scripts.readTerms, keysOf(license), POOL_FIELDS);
}

export function callList(
  redis: RedisConnection,
  license: Uuid,
  limit: number,
  after: SeatPosition | undefined,
): Promise<unknown> {
  const args = [limit, after?.expiry ?? 0, after?.member ?? ""];
  return evaluate(redis, scripts.list, keysOf(license), args);
}

export function callReadClock(redis: RedisConnection): Promise<unknown> {
  return evaluate(redis, scripts.readClock, [], []);
}
