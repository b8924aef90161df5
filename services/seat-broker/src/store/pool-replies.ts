import type { Uuid } from "@leasehold/kernel";
import type { PoolInForce } from "../domain/pool.ts";
import type { Seat } from "../domain/seat.ts";
import type { PoolStanding, SeatChunk, SubPool } from "../use-cases/ports.ts";
import { poolOfFields } from "./pool-fields.ts";
import type { Reply } from "./script-replies.ts";
import { seatOf } from "./seat-facts.ts";
import { revisionIn } from "./terms-version.ts";

// What scripts tell that decide nothing.

export function clockOf(reply: Reply): { readonly now: number; readonly name: string } {
  return { now: Number(reply[0]), name: String(reply[1]) };
}

export function termsOf(license: Uuid, reply: Reply): PoolInForce | undefined {
  if (reply.length === 0) return undefined;
  return poolOfFields(
    license,
    reply.map((value) => (value === null ? null : String(value))),
  );
}

export function chunkOf([time, skipped, span, expiry, unit, ...leases]: Reply): SeatChunk {
  if (time === undefined) throw new Error("a script listed seats without the time");
  const seats: Seat[] = [];
  for (let i = 0; i + 4 < leases.length; i += 5) {
    const seat = seatOf({
      member: String(leases[i]),
      expiry: Number(leases[i + 1]) + Number(skipped),
      record: String(leases[i + 2]),
      claim: String(leases[i + 3]),
      revoked: leases[i + 4] === 1,
      span: Number(span),
    });
    if (seat) seats.push(seat);
  }
  return { seats, next: unit === "" ? undefined : { expiry: Number(expiry), unit: String(unit) } };
}

export function standingOf(reply: Reply): PoolStanding {
  const [live, waiting, epoch, revision, ...subPools] = reply;
  const counted: SubPool[] = [];
  for (let i = 0; i + 2 < subPools.length; i += 3) {
    const [kind, name = ""] = String(subPools[i]).split(":");
    counted.push({
      scope: kind === "f" ? { feature: name } : { group: name },
      seats: Number(subPools[i + 1]),
      live: Number(subPools[i + 2]),
    });
  }
  return {
    live: Number(live),
    waiting: Number(waiting),
    sure:
      epoch === ""
        ? undefined
        : { epoch: BigInt(String(epoch)), revision: revisionIn(String(revision)) },
    subPools: counted,
  };
}
