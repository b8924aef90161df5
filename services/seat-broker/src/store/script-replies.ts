import type { Uuid } from "@leasehold/kernel";
import type { Seat } from "../domain/holder.ts";
import type { Pool } from "../domain/pool.ts";
import type {
  AcquireOutcome,
  BatchOutcome,
  Extension,
  Incarnation,
  LeaseOutcome,
  ReleaseOutcome,
  Unavailable,
  Undecided,
  WaitOutcome,
} from "../use-cases/ports.ts";
import { poolOfFields } from "./pool-fields.ts";
import { fenceOf, seatOf } from "./seat-facts.ts";

/** What a script answered: a code and what belongs to it. Integers arrive as numbers. */
export type Reply = readonly (string | number | null)[];

/** @throws Error if a script answered otherwise: a defect */
export function replyOf(reply: unknown): Reply {
  if (Array.isArray(reply)) return reply as Reply;
  throw new Error("a script answered something that is no list");
}

export function acquireOutcome(reply: Reply): AcquireOutcome {
  const code = String(reply[0]);
  switch (code) {
    case "OK":
      return { kind: "granted", ...extension(reply), fence: fenceOf(String(reply[5])) };
    case "FULL":
      return { kind: "full", nextInMs: Number(reply[2]) - Number(reply[1]) };
    case "TAKEN":
      return { kind: "taken" };
    default:
      return unavailable(reply);
  }
}

export function waitOutcome(reply: Reply): WaitOutcome {
  const now = Number(reply[1]);
  const place = { order: Number(reply[2]), seenAt: now };
  switch (String(reply[0])) {
    case "TURN":
      return { kind: "turn", place, lapsesInMs: Number(reply[3]) };
    case "WAITING":
      return {
        kind: "waiting",
        place,
        ahead: Number(reply[3]),
        nextInMs: Number(reply[4]) - now,
      };
    default:
      return unavailable(reply);
  }
}

/** Why nobody could have a lease by this id now. */
function unavailable(reply: Reply): Unavailable | Undecided {
  const code = String(reply[0]);
  switch (code) {
    case "RELEASED":
      return { kind: "released" };
    case "EXPIRED":
      return { kind: "expired" };
    case "SUSPENDED":
      return { kind: "suspended" };
    case "REVOKED":
      return { kind: "revoked" };
    case "NOT_STARTED":
      return { kind: "not-started", startTime: Number(reply[1]) };
    case "ENDED":
      return { kind: "ended", endTime: Number(reply[1]) };
    default:
      return undecided(reply);
  }
}

/** @param count of the leases asked about */
export function batchOutcome(reply: Reply, count: number): BatchOutcome {
  if (reply[0] !== "OK") return undecided(reply);
  const letters = String(reply[5]);
  const outcomes: readonly LeaseOutcome[] =
    letters === ""
      ? Array.from({ length: count }, () => "renewed")
      : Array.from(letters, outcomeOf);
  return { kind: "decided", ...extension(reply), outcomes };
}

export function releaseOutcome(reply: Reply): ReleaseOutcome {
  if (reply[0] === "OK") return { kind: "released" };
  return reply[0] === "TAKEN" ? { kind: "taken" } : undecided(reply);
}

export function setUpOutcome([code]: Reply): "set-up" | "sound" | "repeat" {
  if (code === "OK") return "set-up";
  return code === "EXISTS" ? "sound" : "repeat";
}

export function incarnationOf(reply: Reply): Incarnation {
  return { now: Number(reply[0]), name: String(reply[1]) };
}

export function termsOf(license: Uuid, reply: Reply): Pool | undefined {
  if (reply.length === 0) return undefined;
  return poolOfFields(
    license,
    reply.map((value) => (value === null ? null : String(value))),
  );
}

export function seatsOf(reply: Reply): { readonly live: number; readonly seats: readonly Seat[] } {
  const seats: Seat[] = [];
  for (let i = 1; i + 2 < reply.length; i += 3)
    seats.push(seatOf(String(reply[i]), Number(reply[i + 1]), String(reply[i + 2])));
  return { live: Number(reply[0]), seats };
}

/** The time of Redis in a reply that extended a lease. */
export function timeIn(reply: Reply): number | undefined {
  return reply[0] === "OK" && typeof reply[1] === "number" ? reply[1] : undefined;
}

function extension(reply: Reply): Extension {
  return {
    now: Number(reply[1]),
    validityMs: Number(reply[2]),
    graceMs: Number(reply[3]),
    epoch: Number(reply[4]),
  };
}

function undecided(reply: Reply): Undecided {
  const code = String(reply[0]);
  switch (code) {
    case "NOMETA":
    case "STALE":
      return { kind: "unset" };
    case "LATE":
    case "CLOCK":
      return { kind: "misjudged" };
    case "FENCED":
    case "LEARNING":
      return { kind: "recovering", endsInMs: Number(reply[2]) - Number(reply[1]) };
    default:
      throw new Error(`a script answered ${code}, which is none of its codes`);
  }
}

function outcomeOf(letter: string): LeaseOutcome {
  switch (letter) {
    case "1":
      return "renewed";
    case "R":
      return "revoked";
    case "L":
      return "unknown";
    default:
      return "gone";
  }
}
