import type { MutantTable } from "../mutant.ts";

const LUA = "services/seat-broker/lua";
const SOURCE = "services/seat-broker/src";
const TESTS = "services/seat-broker/test";

/** Who gets a seat, who keeps it, and what it takes. */
export const SEAT_RULES = {
  lateHeartbeatsRevive: {
    rule: "a heartbeat after the expiry revives nothing",
    file: `${LUA}/renew_seats.lua`,
    text: "elseif expiry and tonumber(expiry) > pool.t then",
    instead: "elseif expiry then",
    caughtBy: {
      file: `${TESTS}/conformance.test.ts`,
      test: "ordinary leases fare as in the reference model, whatever happens in whatever order",
    },
  },
  lateHeartbeatsReviveTogether: {
    rule: "a heartbeat after the expiry revives nothing, whatever else is renewed with it",
    file: `${LUA}/renew_seats.lua`,
    text: " and redis.call('ZCOUNT', Z, '-inf', pool.t) == 0",
    instead: "",
    caughtBy: {
      file: `${TESTS}/conformance.test.ts`,
      test: "ordinary leases fare as in the reference model, whatever happens in whatever order",
    },
  },
  renewalsShorten: {
    rule: "an extension never shortens",
    file: `${LUA}/lib/claims.lua`,
    text: "redis.call('ZADD', Z, 'GT', unpack(scored))",
    instead: "redis.call('ZADD', Z, unpack(scored))",
    caughtBy: {
      file: `${TESTS}/borrow.test.ts`,
      test: "a holder of %s that was borrowed keeps its end when it sends heartbeats",
    },
  },
  noTombstones: {
    rule: "a released or cancelled id is remembered",
    file: `${LUA}/release_seats.lua`,
    text: "redis.call('ZADD', T, remembered_until(pool), id)",
    instead: "",
    caughtBy: {
      file: `${TESTS}/seats.test.ts`,
      test: "an acquire that was cancelled before it arrived grants nothing",
    },
  },
  othersLeasesTaken: {
    rule: "a lease is its installation's alone",
    file: `${LUA}/acquire_seats.lua`,
    text: "if holder ~= installation then return { 'TAKEN' } end",
    instead: "",
    caughtBy: {
      file: `${TESTS}/seats.test.ts`,
      test: "another installation of the license can neither renew, nor take, nor release a lease",
    },
  },
  tokensNotVerified: {
    rule: "a token proves a lease only to the subject it was made for",
    file: `${SOURCE}/domain/lease-token.ts`,
    text: "macs.isGenuine(subject, token)",
    instead: "true",
    caughtBy: {
      file: `${SOURCE}/domain/lease-token.test.ts`,
      test: "a token is of one lease and one installation",
    },
  },
  takenBackRenewed: {
    rule: "a lease that was taken back is not renewed",
    file: `${LUA}/renew_seats.lua`,
    text: "if not usable or (revoked and revoked[i]) then",
    instead: "if not usable then",
    caughtBy: {
      file: `${TESTS}/revocation-store.test.ts`,
      test: "a seat that was taken back is free once its holder has released it",
    },
  },
  takingBackFrees: {
    rule: "a seat that was taken back is not free before its holder has stopped",
    file: `${LUA}/revoke_seat.lua`,
    text: "if ARGV[4] == '1' then",
    instead: "if true then",
    caughtBy: {
      file: `${TESTS}/revocation-store.test.ts`,
      test: "a seat that was taken back from a silent holder is free when a lease may be over",
    },
  },
  olderTermsApply: {
    rule: "terms of an older revision change nothing",
    file: `${LUA}/apply_terms.lua`,
    text: "if current and not is_newer(ARGV[1], current) then return { 'OLD' } end",
    instead: "",
    caughtBy: {
      file: `${TESTS}/set-up.test.ts`,
      test: "terms of an older revision change nothing",
    },
  },
  decidedByOldTerms: {
    rule: "what was decided by other terms is decided anew",
    file: `${LUA}/acquire_seats.lua`,
    text: "if pool.revision ~= version then return { 'MOVED' } end",
    instead: "",
    caughtBy: {
      file: `${TESTS}/naming-store.test.ts`,
      test: "what was decided by an earlier naming is decided anew, seats, places in the queue and borrowing",
    },
  },
  newerNamingIgnored: {
    rule: "of two namings of one revision the newer is in force",
    file: `${LUA}/lib/pool.lua`,
    text: "for _ = 1, 3 do",
    instead: "for _ = 1, 1 do",
    caughtBy: {
      file: `${TESTS}/naming-store.test.ts`,
      test: "in both stores the newer of two namings stays, in whatever order they come",
    },
  },
  anybodyIsNamed: {
    rule: "a license that names its users has seats for them alone",
    file: `${SOURCE}/domain/claim.ts`,
    text: 'if (model === "NAMED_USER" && naming?.users.has(holder.user) !== true)',
    instead: "if (false)",
    caughtBy: {
      file: `${SOURCE}/domain/claim.test.ts`,
      test: "those may have seats that it names, as they are written",
    },
  },
  drainsIgnored: {
    rule: "a drained pool admits nobody",
    file: `${LUA}/acquire_seats.lua`,
    text: "if pool.drained then",
    instead: "if false then",
    caughtBy: {
      file: `${TESTS}/drain-store.test.ts`,
      test: "a drained pool grants nobody a seat until it is resumed, and leases go on",
    },
  },
  claimsInPart: {
    rule: "a lease has all of its seats",
    file: `${LUA}/lib/claims.lua`,
    text: "for i = 2, claim.seats do units[i]",
    instead: "for i = 2, claim.seats - 1 do units[i]",
    caughtBy: {
      file: `${TESTS}/claims.test.ts`,
      test: "a hundred seats are one lease: all of them or none",
    },
  },
  needsInPart: {
    rule: "several seats are granted all or not at all",
    file: `${LUA}/lib/admission.lua`,
    text: "if need.seats > seats_for(room, claim.group) then",
    instead: "if seats_for(room, claim.group) < 1 then",
    caughtBy: {
      file: `${TESTS}/claims.test.ts`,
      test: "a hundred seats are one lease: all of them or none",
    },
  },
  featuresUnlimited: {
    rule: "a feature has no more users than were sold",
    file: `${LUA}/lib/admission.lua`,
    text: "if free and need.pools[name] > free then return name end",
    instead: "",
    caughtBy: {
      file: `${TESTS}/claims.test.ts`,
      test: "a feature has seats of its own, and its name is told when they are taken",
    },
  },
  reservationsIgnored: {
    rule: "what is kept for a group only its members have",
    file: `${LUA}/lib/admission.lua`,
    text: "if name ~= group then seats = seats - kept end",
    instead: "",
    caughtBy: {
      file: `${TESTS}/claims.test.ts`,
      test: "what is kept for a group only its members have, and more if there is more",
    },
  },
  overdraftUnlimited: {
    rule: "overdraft has a limit",
    file: `${LUA}/lib/admission.lua`,
    text: "room.seats = pool.seats + pool.overdraft - live_in(pool, Z)",
    instead: "room.seats = pool.seats + 2 * pool.overdraft - live_in(pool, Z)",
    caughtBy: {
      file: `${TESTS}/claims.test.ts`,
      test: "seats beyond those of the license say so, and there are no more than that",
    },
  },
  sharersForgotten: {
    rule: "a shared seat is free when the last has gone",
    file: `${LUA}/lib/claims.lua`,
    text: "if #left == 0 then end_sharing(claim.sharers) end",
    instead: "left, latest = {}, { [Z] = 0 }",
    caughtBy: {
      file: `${TESTS}/claims.test.ts`,
      test: "processes of a user share a seat until the last of them has gone",
    },
  },
  waitersPassedOver: {
    rule: "nobody overtakes those who wait",
    file: `${LUA}/lib/admission.lua`,
    text: "if lack then return lack end\n  set_aside_for_waiters(room, limit)",
    instead: "if lack then return lack end",
    caughtBy: {
      file: `${TESTS}/waiting.test.ts`,
      test: "nobody who does not wait overtakes those who do",
    },
  },
  classesIgnored: {
    rule: "a higher class waits in front",
    file: `${LUA}/lib/queue.lua`,
    text: "return (TOP_CLASS - class) * CLASS_WIDTH",
    instead: "return TOP_CLASS * 0",
    caughtBy: {
      file: `${TESTS}/claims.test.ts`,
      test: "a higher class waits in front, at whichever broker",
    },
  },
  offersNeverLapse: {
    rule: "a place in the queue that nobody asks for lapses",
    file: `${LUA}/lib/queue.lua`,
    text: "remove_waiters(redis.call('ZRANGE', QT, '-inf', pool.t, 'BYSCORE', 'LIMIT', 0, REAP_LIMIT))",
    instead: "",
    caughtBy: {
      file: `${TESTS}/waiting.test.ts`,
      test: "an offer that is not taken lapses to the next",
    },
  },
  placesNotProved: {
    rule: "a place in the queue is proved by its ticket",
    file: `${SOURCE}/domain/wait-ticket.ts`,
    text: "if (!macs.isGenuine(subject, ticket)) return undefined;",
    instead: "",
    caughtBy: {
      file: `${SOURCE}/domain/wait-ticket.test.ts`,
      test: "a ticket is of one lease id and one installation",
    },
  },
} as const satisfies MutantTable;
