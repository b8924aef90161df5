import { isProblem } from "@leasehold/kernel";
import { leaseIdOf } from "../domain/lease-id.ts";
import type { Pool } from "../domain/pool.ts";
import type { Seat } from "../domain/seat.ts";
import { revokeSeat, type RevokeSeatPorts } from "./revoke-seat.ts";
import type { SeatPosition } from "./ports.ts";

/** Takes seats back from users whom their license does not name any more. */
export type TakeBackUnnamed = (pool: Pool) => Promise<void>;

/** So many units are looked at in one step. */
const CHUNK = 500;
/** In whose name it is done. */
const SUBJECT = "activation";
const REASON = "the license does not name this user any more";

/**
 * Takes back what users hold who are not named, as an administrator would: each is told, is renewed no more,
 * and may save its work before it releases. To be called after the terms were applied, as
 * from then on nobody is admitted by earlier ones. A borrowed seat stays until its end, and so does
 * one whose user is not known after a loss of data. May be repeated.
 */
export function takeBackUnnamed(ports: RevokeSeatPorts): TakeBackUnnamed {
  return async (pool) => {
    const { license, terms } = pool;
    if (terms.model !== "NAMED_USER") return;
    let after: SeatPosition | undefined;
    do {
      const chunk = await ports.seats.list(license, CHUNK, after);
      for (const { member } of chunk.seats.filter((seat) => isUnnamed(pool, seat)))
        await takeBack(ports, pool, member);
      after = chunk.next;
    } while (after);
  };
}

function isUnnamed({ terms: { naming } }: Pool, { state, holder: { user } }: Seat): boolean {
  return state === "HELD" && user !== "" && naming?.users.has(user) !== true;
}

async function takeBack(ports: RevokeSeatPorts, { license }: Pool, member: string): Promise<void> {
  const id = leaseIdOf(license, member);
  try {
    const why = { reason: REASON, subject: SUBJECT };
    await revokeSeat(ports, { license, id, immediate: false, ...why });
  } catch (error) {
    // Gone by itself; or the pool recovers, and is looked at again: the feed must not wait for it.
    if (!isProblem(error, "NOT_FOUND") && !isProblem(error, "RECOVERING")) throw error;
  }
}
