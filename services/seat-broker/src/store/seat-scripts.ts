import type { Uuid } from "@leasehold/kernel";
import {
  evaluate,
  evaluateAt,
  evaluateMany,
  type RedisConnection,
  type ScriptCall,
} from "@leasehold/store-kit";
import { type Drain, type Pool, type TermsVersion, versionOf } from "../domain/pool.ts";
import type { BorrowRequest } from "../use-cases/borrow-ports.ts";
import type {
  DecidedClaim,
  RenewalBatch,
  Returner,
  SeatPosition,
  SeatRequest,
  WaitRequest,
} from "../use-cases/ports.ts";
import type { PoolSetUp, Restoration } from "../use-cases/pool-ports.ts";
import { seatScript } from "./lua-source.ts";
import { fieldsOfPool, POOL_FIELDS } from "./pool-fields.ts";
import { packVersion } from "./terms-version.ts";
import type { ToldTime } from "./told-time.ts";
import { poolKey, poolKeys } from "./pool-keys.ts";
import { packFence, packHolder, packInstallation } from "./seat-facts.ts";

// The only place that knows what the scripts expect in KEYS and ARGV. Their replies are
// described in lua/ and read in script-replies.ts.

const scripts = {
  acquire: seatScript("acquire_seats.lua"),
  renew: seatScript("renew_seats.lua"),
  readmit: seatScript("readmit_seats.lua"),
  release: seatScript("release_seats.lua"),
  borrow: seatScript("borrow_seat.lua"),
  strayBorrows: seatScript("stray_borrows.lua"),
  wait: seatScript("wait_in_queue.lua"),
  leave: seatScript("leave_queue.lua"),
  setUp: seatScript("init_pool.lua"),
  applyTerms: seatScript("apply_terms.lua"),
  readTerms: seatScript("read_terms.lua"),
  list: seatScript("list_seats.lua"),
  readPool: seatScript("read_pool.lua"),
  find: seatScript("find_lease.lua"),
  revoke: seatScript("revoke_seat.lua"),
  reap: seatScript("reap_pool.lua"),
  restore: seatScript("restore_pool.lua"),
  drain: seatScript("drain_pool.lua"),
  readClock: seatScript("read_clock.lua"),
};

/** What the gate asks for. */
function clockFacts({ estimate, trusted, peak }: ToldTime): readonly (string | number)[] {
  return [estimate, `${trusted},${peak}`];
}

/** By what terms a claim was decided, and what they make of it. */
function decidedArgs({ priority, packed, ...version }: DecidedClaim): readonly (string | number)[] {
  return [packVersion(version), priority, packed];
}

/** The node that the pool of a license is on. */
export function nodeOf(redis: RedisConnection, license: Uuid): string {
  return redis.nodeOf(poolKey(license));
}

/** A seat that is asked for, and by what it may be had. */
export interface AskedSeat {
  readonly request: SeatRequest;
  readonly decided: DecidedClaim;
}

export function callAcquire(
  redis: RedisConnection,
  license: Uuid,
  asked: readonly AskedSeat[],
  told: ToldTime,
): Promise<unknown> {
  const leases = asked.flatMap(({ request: { id, holder }, decided }) => [
    id.member,
    packInstallation(holder.installation),
    packHolder(holder),
    ...decidedArgs(decided),
  ]);
  return evaluate(redis, scripts.acquire, poolKeys(license), [...clockFacts(told), ...leases]);
}

export function callWait(
  redis: RedisConnection,
  { license, id, place }: WaitRequest,
  decidedClaim: DecidedClaim,
  told: ToldTime,
): Promise<unknown> {
  const { order, seenAt } = place ?? { order: 0, seenAt: 0 };
  const decided = decidedArgs(decidedClaim);
  const args = [...clockFacts(told), id.member, order, seenAt, ...decided];
  return evaluate(redis, scripts.wait, poolKeys(license), args);
}

export function callLeave(redis: RedisConnection, license: Uuid, member: string): Promise<unknown> {
  return evaluate(redis, scripts.leave, poolKeys(license), [member]);
}

export function callRenew(
  redis: RedisConnection,
  batches: readonly RenewalBatch[],
  told: ToldTime,
): Promise<readonly PromiseSettledResult<unknown>[]> {
  const calls = batches.map(({ license, members }): ScriptCall => ({
    keys: poolKeys(license),
    args: [...clockFacts(told), members.join("")],
  }));
  return evaluateMany(redis, scripts.renew, calls);
}

export function callReadmit(
  redis: RedisConnection,
  license: Uuid,
  returners: readonly Returner[],
  told: ToldTime,
): Promise<unknown> {
  const leases = returners.flatMap(({ member, installation, fence, claim, expiry }) => [
    member,
    packInstallation(installation),
    packFence(fence),
    claim,
    expiry,
  ]);
  return evaluate(redis, scripts.readmit, poolKeys(license), [...clockFacts(told), ...leases]);
}

/** A lease that its installation gives back. */
export interface GivenBack {
  readonly member: string;
  readonly installation: Uuid;
  /** Whether nothing is kept of it as a borrowed one. */
  readonly forgotten: boolean;
}

export function callRelease(
  redis: RedisConnection,
  license: Uuid,
  givenBack: readonly GivenBack[],
  told: ToldTime,
): Promise<unknown> {
  const leases = givenBack.flatMap(({ member, installation, forgotten }) => [
    member,
    packInstallation(installation),
    forgotten ? 1 : 0,
  ]);
  return evaluate(redis, scripts.release, poolKeys(license), [...clockFacts(told), ...leases]);
}

export function callBorrow(
  redis: RedisConnection,
  { license, id, installation }: BorrowRequest,
  { durationMs, ...version }: TermsVersion & { readonly durationMs: number },
  told: ToldTime,
): Promise<unknown> {
  const term = [packVersion(version), durationMs];
  const args = [...clockFacts(told), id.member, packInstallation(installation), ...term];
  return evaluate(redis, scripts.borrow, poolKeys(license), args);
}

export function callStrayBorrows(
  redis: RedisConnection,
  license: Uuid,
  epoch: bigint,
  members: readonly string[],
): Promise<unknown> {
  return evaluate(redis, scripts.strayBorrows, poolKeys(license), [String(epoch), ...members]);
}

export function callSetUp(
  redis: RedisConnection,
  { incarnation, since, start }: PoolSetUp,
  fenceMs: number,
): Promise<unknown> {
  const { pool, epoch, longestLeaseMs, room } = start;
  const args = [
    incarnation.now,
    incarnation.name,
    since,
    fenceMs,
    longestLeaseMs,
    String(epoch),
    ...drainArgs(pool.drain),
    room,
    packVersion(versionOf(pool)),
    ...fieldsOfPool(pool),
  ];
  return evaluate(redis, scripts.setUp, poolKeys(pool.license), args);
}

export function callApplyTerms(redis: RedisConnection, pool: Pool): Promise<unknown> {
  const args = [packVersion(versionOf(pool)), ...fieldsOfPool(pool)];
  return evaluate(redis, scripts.applyTerms, poolKeys(pool.license), args);
}

export function callReadEpoch(redis: RedisConnection, license: Uuid): Promise<unknown> {
  return evaluate(redis, scripts.readTerms, poolKeys(license), ["epoch"]);
}

export function callReadTerms(redis: RedisConnection, license: Uuid): Promise<unknown> {
  return evaluate(redis, scripts.readTerms, poolKeys(license), POOL_FIELDS);
}

export function callList(
  redis: RedisConnection,
  license: Uuid,
  limit: number,
  after: SeatPosition | undefined,
): Promise<unknown> {
  const args = [limit, after?.expiry ?? 0, after?.unit ?? ""];
  return evaluate(redis, scripts.list, poolKeys(license), args);
}

export function callReadPool(redis: RedisConnection, license: Uuid): Promise<unknown> {
  return evaluate(redis, scripts.readPool, poolKeys(license), []);
}

export function callFind(
  redis: RedisConnection,
  license: Uuid,
  member: string,
  told: ToldTime,
): Promise<unknown> {
  return evaluate(redis, scripts.find, poolKeys(license), [...clockFacts(told), member]);
}

export function callRevoke(
  redis: RedisConnection,
  license: Uuid,
  lease: { readonly member: string; readonly immediate: boolean },
  told: ToldTime,
): Promise<unknown> {
  const args = [...clockFacts(told), lease.member, lease.immediate ? 1 : 0];
  return evaluate(redis, scripts.revoke, poolKeys(license), args);
}

export function callReap(
  redis: RedisConnection,
  license: Uuid,
  from: string | undefined,
  told: ToldTime,
): Promise<unknown> {
  const args = [...clockFacts(told), from ?? 0];
  return evaluate(redis, scripts.reap, poolKeys(license), args);
}

export function callRestore(
  redis: RedisConnection,
  license: Uuid,
  { epoch, revoked, borrowed }: Restoration,
  told: ToldTime,
): Promise<unknown> {
  const leases = borrowed.flatMap((lease) => [
    lease.id.member,
    lease.claim,
    lease.freeInMs,
    packInstallation(lease.holder.installation),
    packFence(lease.fence),
    lease.grantTime,
    packHolder(lease.holder),
    lease.overdraft ? 1 : 0,
    lease.endsInMs,
  ]);
  const args = [...clockFacts(told), String(epoch), borrowed.length, ...leases, ...revoked];
  return evaluate(redis, scripts.restore, poolKeys(license), args);
}

export function callDrain(redis: RedisConnection, license: Uuid, drain: Drain): Promise<unknown> {
  return evaluate(redis, scripts.drain, poolKeys(license), drainArgs(drain));
}

function drainArgs({ drained, revision }: Drain): readonly [string, number] {
  return [String(revision), drained ? 1 : 0];
}

export function callReadClock(redis: RedisConnection, node: string): Promise<unknown> {
  return evaluateAt(redis, node, scripts.readClock, []);
}
