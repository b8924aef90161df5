import { type Uuid, uuidBytes, uuidFromBytes } from "@leasehold/kernel";
import type { Holder, Seat } from "../domain/holder.ts";

/** An installation within Redis: 22 characters instead of 36. */
export function packInstallation(installation: Uuid): string {
  return Buffer.from(uuidBytes(installation)).toString("base64url");
}

/** What a holder says of itself, opaque to the scripts. */
export function packHolder({ user, host, process, applicationVersion }: Holder): string {
  return JSON.stringify([user, host, process, applicationVersion]);
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

/** @param packed `fence|grant time|installation|holder`; the holder is unknown after a loss of data */
export function seatOf(member: string, expiry: number, packed: string): Seat {
  const [, fence, grantTime, installation, holder] =
    /^(\d+\.\d+)\|(\d+)\|([\w-]{22})\|(.*)$/s.exec(packed) ?? [];
  if (fence === undefined || installation === undefined)
    return { member, expiry, fence: 0n, grantTime: undefined, holder: undefined };
  return {
    member,
    expiry,
    fence: fenceOf(fence),
    grantTime: Number(grantTime),
    holder: {
      installation: uuidFromBytes(Buffer.from(installation, "base64url")),
      ...unpackHolder(holder ?? ""),
    },
  };
}

function unpackHolder(packed: string): Omit<Holder, "installation"> {
  const facts = packed === "" ? [] : (JSON.parse(packed) as readonly string[]);
  const [user = "", host = "", process = "", applicationVersion = ""] = facts;
  return { user, host, process, applicationVersion };
}
