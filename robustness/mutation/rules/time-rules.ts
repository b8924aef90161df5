import type { MutantTable } from "../mutant.ts";

const LUA = "services/seat-broker/lua";
const SOURCE = "services/seat-broker/src";
const TESTS = "services/seat-broker/test";

/** How the time of a pool goes on, whatever the clocks of Redis do. */
export const TIME_RULES = {
  lateCallsCount: {
    rule: "a call that was decided on too long ago is not carried out",
    file: `${LUA}/lib/gate.lua`,
    text: "if ahead > math.min(TOLERANCE, pool.grace) then return nil, { 'LATE' } end",
    instead: "",
    caughtBy: {
      file: `${TESTS}/set-up.test.ts`,
      test: "a call that was decided on too long ago is not carried out",
    },
  },
  stepsBackUnnoticed: {
    rule: "after a step back nothing is decided before the clock was read again",
    file: `${LUA}/lib/gate.lua`,
    text: "if ahead < -TOLERANCE then return nil, { 'CLOCK' } end",
    instead: "",
    caughtBy: {
      file: `${TESTS}/set-up.test.ts`,
      test: "after a step back of Redis' clock nothing is decided before it was read again",
    },
  },
  stepsCount: {
    rule: "only the time counts that the caller vouches for",
    file: `${LUA}/lib/gate.lua`,
    text: "if counts_from > seen then return now, skipped + counts_from - seen, turned end",
    instead: "",
    caughtBy: {
      file: `${TESTS}/pool-time.test.ts`,
      test: "time that nobody vouches for does not count",
    },
  },
  furtherThanBelieved: {
    rule: "a pool's time goes no further than its caller believes",
    file: `${LUA}/lib/gate.lua`,
    text: "local now, seen, skipped, turned = math.min(time, tonumber(estimate)),",
    instead: "local now, seen, skipped, turned = time,",
    caughtBy: {
      file: `${TESTS}/pool-time.test.ts`,
      test: "time that a caller does not believe yet does not count",
    },
  },
  turnsForgotten: {
    rule: "a clock that comes back to where it was counts nothing",
    file: `${LUA}/lib/gate.lua`,
    text: "if turned > 0 and now >= turned - 2 * TOLERANCE then return now, skipped + now - seen, 0 end",
    instead: "",
    caughtBy: {
      file: `${TESTS}/pool-time.test.ts`,
      test: "a clock that comes back to where it had been counts nothing",
    },
  },
  peaksIgnored: {
    rule: "who saw the clock step back tells the pool where it was",
    file: `${LUA}/lib/gate.lua`,
    text: "if tonumber(peak) > now then turned = math.max(turned, tonumber(peak)) end",
    instead: "",
    caughtBy: {
      file: `${TESTS}/pool-time.test.ts`,
      test: "a clock that comes back to where it had been counts nothing",
    },
  },
  trustKept: {
    rule: "a step ends the trust in the clock",
    file: `${SOURCE}/domain/server-clock.ts`,
    text: "Math.abs(offset - belief.offset) <= STEP_MS",
    instead: "Number.isFinite(offset)",
    caughtBy: {
      file: `${SOURCE}/domain/server-clock.test.ts`,
      test: "the clock is trusted since it was read first, and anew since it stepped, either way",
    },
  },
  smallStepsForgiven: {
    rule: "many small steps are one",
    file: `${SOURCE}/domain/server-clock.ts`,
    text: "{ ...belief, readAt: receivedAt }",
    instead: "{ ...belief, offset, readAt: receivedAt }",
    caughtBy: { file: `${SOURCE}/domain/server-clock.test.ts`, test: "many small steps are one" },
  },
  clockUnwatched: {
    rule: "a clock that was not watched is trusted anew",
    file: `${SOURCE}/domain/server-clock.ts`,
    text: "receivedAt - belief.readAt <= CLOSE_MS &&",
    instead: "",
    caughtBy: {
      file: `${SOURCE}/domain/server-clock.test.ts`,
      test: "a clock that was not read for a while is not trusted for that while",
    },
  },
  peakForgotten: {
    rule: "a step back is remembered until the clock is past it",
    file: `${SOURCE}/domain/server-clock.ts`,
    text: "peak = Math.max(peak, before);",
    instead: "peak = 0;",
    caughtBy: {
      file: `${SOURCE}/domain/server-clock.test.ts`,
      test: "a step back is told for as long as the clock is not where it had been",
    },
  },
  ageNotVouchedFor: {
    rule: "an incarnation is as old only as the clock is vouched for",
    file: `${SOURCE}/use-cases/recover-pool.ts`,
    text: "Math.min(Math.max(firstSeen, incarnation.trustedSince), incarnation.now)",
    instead: "Math.min(firstSeen, incarnation.now)",
    caughtBy: {
      file: `${SOURCE}/use-cases/recover-pool.test.ts`,
      test: "an incarnation is taken to be as old as the clock is vouched for",
    },
  },
  ageAhead: {
    rule: "an incarnation that was first seen later than now counts from now",
    file: `${SOURCE}/use-cases/recover-pool.ts`,
    text: "Math.min(Math.max(firstSeen, incarnation.trustedSince), incarnation.now)",
    instead: "Math.max(firstSeen, incarnation.trustedSince)",
    caughtBy: {
      file: `${SOURCE}/use-cases/recover-pool.test.ts`,
      test: "an incarnation is taken to be as old as the clock is vouched for",
    },
  },
} as const satisfies MutantTable;
