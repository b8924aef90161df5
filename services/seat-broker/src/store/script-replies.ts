import type { BorrowedLease } from "../domain/borrow.ts";
import type { BorrowOutcome, BorrowRequest } from "../use-cases/borrow-ports.ts";
import type {
  AcquireOutcome,
  BatchOutcome,
  Extension,
  FindOutcome,
  LeaseOutcome,
  ReapOutcome,
  ReleaseOutcome,
  RevokeOutcome,
  Unavailable,
  Undecided,
  WaitOutcome,
} from "../use-cases/ports.ts";
import { fenceOf, unpackHolder, unpackInstallation } from "./seat-facts.ts";

/** What a script answered: a code and what belongs to it. Integers arrive as numbers. */
export type Reply = readonly (string | number | null | Reply)[];

/** @throws Error if a script answered otherwise: a defect */
export function replyOf(reply: unknown): Reply {
  if (Array.isArray(reply)) return reply as Reply;
  throw new Error("a script answered something that is no list");
}

/** @param count of the leases asked for */
export function acquireOutcomes(reply: Reply, count: number): readonly AcquireOutcome[] {
  return outcomesOf(reply, count, acquireOutcome);
}

/** @param count of the leases given back */
export function releaseOutcomes(reply: Reply, count: number): readonly ReleaseOutcome[] {
  return outcomesOf(reply, count, releaseOutcome);
}

/** Of a script that decides many, each by itself; where it passed no gate, none was decided. */
function outcomesOf<Outcome>(
  reply: Reply,
  count: number,
  outcomeOf: (reply: Reply) => Outcome,
): readonly (Outcome | Undecided)[] {
  if (reply[0] !== "OK") return Array.from({ length: count }, () => undecided(reply));
  return reply.slice(2).map((one) => outcomeOf(replyOf(one)));
}

function acquireOutcome(reply: Reply): AcquireOutcome {
  const code = String(reply[0]);
  switch (code) {
    case "OK":
      return {
        kind: "granted",
        ...extension(reply),
        fence: fenceOf(String(reply[5])),
        overdraft: String(reply[6]).includes("O"),
        claim: String(reply[7]),
      };
    case "FULL":
      return { kind: "full", nextInMs: Number(reply[1]), feature: featureOf(String(reply[2])) };
    case "DRAINED":
      return { kind: "drained" };
    case "TAKEN":
      return { kind: "taken" };
    default:
      return unavailable(reply);
  }
}

export function waitOutcome(reply: Reply): WaitOutcome {
  const place = { order: Number(reply[2]), seenAt: Number(reply[1]) };
  switch (String(reply[0])) {
    case "TURN":
      return { kind: "turn", place, lapsesInMs: Number(reply[3]) };
    case "WAITING":
      return {
        kind: "waiting",
        place,
        ahead: Number(reply[3]),
        nextInMs: Number(reply[4]),
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
    case "LEASE_REVOKED":
      return { kind: "lease-revoked" };
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
    letters === "" ? Array<LeaseOutcome>(count).fill("renewed") : Array.from(letters, outcomeOf);
  return { kind: "decided", ...extension(reply), outcomes };
}

function releaseOutcome(reply: Reply): ReleaseOutcome {
  switch (String(reply[0])) {
    case "OK":
      return { kind: "released" };
    case "BORROWED":
      return { kind: "borrowed" };
    case "TAKEN":
      return { kind: "taken" };
    default:
      return undecided(reply);
  }
}

export function borrowOutcome(request: BorrowRequest, reply: Reply): BorrowOutcome {
  switch (String(reply[0])) {
    case "OK":
      return { kind: "borrowed", now: Number(reply[1]), lease: borrowedLease(request, reply) };
    case "NOT_BORROWED":
      return { kind: "not-borrowed" };
    case "DRAINED":
      return { kind: "drained" };
    case "TAKEN":
      return { kind: "taken" };
    default:
      return unavailable(reply);
  }
}

function borrowedLease(request: BorrowRequest, reply: Reply): BorrowedLease {
  const [, now, , , , fence, flags, claim, grantTime, facts, end, freeInMs] = reply;
  const { license, id, installation } = request;
  return {
    license,
    id,
    holder: { installation, ...unpackHolder(String(facts)) },
    fence: fenceOf(String(fence)),
    claim: String(claim),
    overdraft: String(flags).includes("O"),
    grantTime: Number(grantTime),
    endsInMs: Number(end) - Number(now),
    freeInMs: Number(freeInMs),
  };
}

export function setUpOutcome([code]: Reply): "set-up" | "sound" | "repeat" {
  if (code === "OK") return "set-up";
  return code === "EXISTS" ? "sound" : "repeat";
}

export function revokeOutcome(reply: Reply): RevokeOutcome {
  if (reply[0] === "OK") return { kind: "revoked" };
  return reply[0] === "GONE" ? { kind: "gone" } : undecided(reply);
}

export function findOutcome(reply: Reply): FindOutcome {
  if (reply[0] === "GONE") return { kind: "gone" };
  if (reply[0] !== "OK") return undecided(reply);
  const installation = String(reply[3]);
  return {
    kind: "found",
    endsInMs: Number(reply[2]),
    installation: installation === "" ? undefined : unpackInstallation(installation),
  };
}

export function reapOutcome(reply: Reply): ReapOutcome {
  if (reply[0] !== "OK") return undecided(reply);
  const next = String(reply[1]);
  return { kind: "reaped", next: next === "" ? undefined : next };
}

/** @param name of a sub-pool as the scripts say it: `f:` and a feature, or empty */
function featureOf(name: string): string | undefined {
  return name === "" ? undefined : name.slice(2);
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
    case "UNRESTORED":
      return { kind: "unrestored" };
    case "MOVED":
      return { kind: "moved" };
    case "FENCED":
    case "LEARNING":
      return { kind: "recovering", endsInMs: Number(reply[1]) };
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
