import { type Uuid, uuidBytes, uuidFromBytes } from "@leasehold/kernel";
import { unpackClaim } from "../domain/claim.ts";
import type { Holder } from "../domain/holder.ts";
import type { Seat, SeatState } from "../domain/seat.ts";

/** An installation within Redis: 22 characters instead of 36. */
export function packInstallation(installation: Uuid): string {
  return Buffer.from(uuidBytes(installation)).toString("base64url");
}

/** @param packed as `packInstallation` made it */
export function unpackInstallation(packed: string): Uuid {
  return uuidFromBytes(Buffer.from(packed, "base64url"));
}

/** What is known of a holder but its installation, opaque to the scripts. */
export function packHolder(holder: Holder): string {
  const { user, host, process, applicationVersion, address, serverVersion = "" } = holder;
  const facts = [user, host, process, applicationVersion, address];
  return JSON.stringify(serverVersion === "" ? facts : [...facts, serverVersion]);
}

/** @param packed as `packHolder` made it, or empty: unknown after a loss of data */
export function unpackHolder(packed: string): Omit<Holder, "installation"> {
  const facts = packed === "" ? [] : (JSON.parse(packed) as readonly string[]);
  const [user = "", host = "", process = "", applicationVersion = "", address = "", ...more] =
    facts;
  const told = { user, host, process, applicationVersion, address };
  return more[0] === undefined ? told : { ...told, serverVersion: more[0] };
}

/** A fence as the scripts make it, `epoch.seq`, as a number that rises with both. */
export function fenceOf(text: string): bigint {
  const [epoch = "", seq = ""] = text.split(".");
  return (BigInt(epoch) << 32n) | BigInt(seq);
}

/** A fence as the scripts make it. */
export function packFence(fence: bigint): string {
  return `${fence >> 32n}.${fence & 0xffff_ffffn}`;
}

/** A lease as lua/list_seats.lua tells it. Times in milliseconds of Redis' clock. */
export interface ListedLease {
  readonly member: string;
  readonly expiry: number;
  /** `fence|grant time|installation|flags|holder` */
  readonly record: string;
  readonly claim: string;
  readonly revoked: boolean;
  /** How long before its expiry it was renewed. */
  readonly span: number;
}

/** `undefined` while nothing is known of the lease, after a loss of data. */
export function seatOf(listed: ListedLease): Seat | undefined {
  const { member, expiry, record, claim, revoked, span } = listed;
  const [, fence = "", grantTime, installation = "", flags = "", holder = ""] =
    /^(\d+\.\d+)\|(\d+)\|([\w-]{22})\|(\w*)\|(.*)$/s.exec(record) ?? [];
  if (fence === "") return undefined;
  const borrowed = flags.includes("B");
  return {
    member,
    expiry,
    fence: fenceOf(fence),
    grantTime: Number(grantTime),
    heartbeatTime: borrowed ? undefined : expiry - span,
    holder: { installation: unpackInstallation(installation), ...unpackHolder(holder) },
    claim: unpackClaim(claim),
    state: stateOf(borrowed, revoked),
    overdraft: flags.includes("O"),
  };
}

function stateOf(borrowed: boolean, revoked: boolean): SeatState {
  if (revoked) return "REVOKED";
  return borrowed ? "BORROWED" : "HELD";
}
