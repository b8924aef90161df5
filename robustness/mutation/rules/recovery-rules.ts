import type { MutantTable } from "../mutant.ts";

const LUA = "services/seat-broker/lua";
const SOURCE = "services/seat-broker/src";
const TESTS = "services/seat-broker/test";

/** How a pool comes back after its data were lost, or Redis is another. */
export const RECOVERY_RULES = {
  fenceIgnored: {
    rule: "nothing is decided before the earlier primary has certainly stopped",
    file: `${LUA}/lib/gate.lua`,
    text: "if pool.t < fence_until then return nil, { 'FENCED', fence_until - pool.t } end",
    instead: "",
    caughtBy: {
      file: `${TESTS}/set-up.test.ts`,
      test: "under a new incarnation nothing is decided until the earlier primary has certainly stopped",
    },
  },
  noLearning: {
    rule: "after a loss of data nobody new is admitted",
    file: `${LUA}/acquire_seats.lua`,
    text: "if pool.learning then return { 'LEARNING', pool.learn_until - pool.t } end",
    instead: "",
    caughtBy: {
      file: `${TESTS}/set-up.test.ts`,
      test: "a pool whose data were lost learns for as long as a lease may live, from now on",
    },
  },
  learningTooShort: {
    rule: "learning lasts as long as any lease may live",
    file: `${LUA}/init_pool.lua`,
    text: "learn_until = math.max(t, fence_until) + tonumber(ARGV[5])",
    instead: "learn_until = math.max(t, fence_until)",
    caughtBy: {
      file: `${TESTS}/set-up.test.ts`,
      test: "a pool whose data were lost learns for as long as a lease may live, from now on",
    },
  },
  oldDataCount: {
    rule: "learning is shorter for the newest data only",
    file: `${LUA}/init_pool.lua`,
    text: "if sound and tonumber(known[2]) == epoch - 1 and not in_cluster() then",
    instead: "if sound then",
    caughtBy: {
      file: `${TESTS}/set-up.test.ts`,
      test: "data that are not the newest there were prove nothing",
    },
  },
  incarnationUnchecked: {
    rule: "data of an earlier incarnation are noticed",
    file: `${LUA}/lib/gate.lua`,
    text: "if f[1] ~= this_incarnation() then return nil, { 'STALE' } end",
    instead: "",
    caughtBy: {
      file: `${TESTS}/conformance.test.ts`,
      test: "ordinary leases fare as in the reference model, whatever happens in whatever order",
    },
  },
  lostKeysUnnoticed: {
    rule: "a key that was lost is noticed",
    file: `${LUA}/lib/pool.lua`,
    text: "return redis.call('EXISTS', Z, S, H, T, X, D) == 6",
    instead: "return true",
    caughtBy: {
      file: `${TESTS}/set-up.test.ts`,
      test: "the loss of key %s alone grants no seat twice",
    },
  },
  lostSubPoolsUnnoticed: {
    rule: "a sub-pool that was lost is noticed",
    file: `${LUA}/lib/claims.lua`,
    text: "return not redis.call('ZSCORE', BASE .. name, SENTINEL) and redis.call('SISMEMBER', D, name) == 1",
    instead: "return false",
    caughtBy: {
      file: `${TESTS}/set-up.test.ts`,
      test: "the loss of a feature's seats is noticed before one of them is granted twice",
    },
  },
  copiesCount: {
    rule: "leases that are there when a pool is set up prove nothing",
    file: `${LUA}/init_pool.lua`,
    text: "redis.call('DEL', Z, S, D, O)",
    instead: "redis.call('DEL', S, D, O)",
    caughtBy: {
      file: `${TESTS}/conformance.test.ts`,
      test: "ordinary leases fare as in the reference model, whatever happens in whatever order",
    },
  },
  lateSetUp: {
    rule: "a set-up that comes late sets nothing up",
    file: `${LUA}/init_pool.lua`,
    text: "if n > tonumber(ARGV[1]) + WINDOW_MS then return { 'LATE' } end",
    instead: "",
    caughtBy: {
      file: `${TESTS}/set-up.test.ts`,
      test: "a set-up that comes late, or of a Redis that is another now, sets nothing up",
    },
  },
  setUpOfAnother: {
    rule: "a set-up is of the Redis that was looked at",
    file: `${LUA}/init_pool.lua`,
    text: "if incarnation ~= ARGV[2] then return { 'STALE' } end",
    instead: "",
    caughtBy: {
      file: `${TESTS}/set-up.test.ts`,
      test: "a set-up that comes late, or of a Redis that is another now, sets nothing up",
    },
  },
  epochUsedAgain: {
    rule: "each set-up takes an epoch of its own",
    file: `${SOURCE}/store/postgres-pools.ts`,
    text: "epoch: row.lease_epoch,\n          longestLeaseMs",
    instead: "epoch: row.lease_epoch > 2n ? 2n : row.lease_epoch,\n          longestLeaseMs",
    caughtBy: {
      file: `${TESTS}/set-up.test.ts`,
      test: "each set-up takes an epoch of its own, above those of before",
    },
  },
  tokensNeverRunOut: {
    rule: "a token that ran out brings no lease back",
    file: `${LUA}/readmit_seats.lua`,
    text: " and not ran_out(tonumber(token_expiry))",
    instead: "",
    caughtBy: {
      file: `${TESTS}/conformance.test.ts`,
      test: "ordinary leases fare as in the reference model, whatever happens in whatever order",
    },
  },
  tokensJudgedByAnyClock: {
    rule: "a token is judged only by the clock that it was made by",
    file: `${LUA}/readmit_seats.lua`,
    text: " and token_expiry - pool.span >= pool.trusted",
    instead: "",
    caughtBy: {
      file: `${TESTS}/pool-time.test.ts`,
      test: "a token that was made before the clock was vouched for does not run out by it",
    },
  },
  readmissionUnbounded: {
    rule: "no more come back than there is room for",
    file: `${LUA}/readmit_seats.lua`,
    text: " or live >= most",
    instead: "",
    caughtBy: {
      file: `${TESTS}/set-up.test.ts`,
      test: "no more come back than there is room for",
    },
  },
  roomForgotten: {
    rule: "holders beyond seats that were lowered find room",
    file: `${LUA}/readmit_seats.lua`,
    text: "math.max(pool.seats + pool.overdraft, pool.room)",
    instead: "pool.seats + pool.overdraft",
    caughtBy: {
      file: `${TESTS}/crowded-pools.test.ts`,
      test: "holders beyond seats that were lowered come back after a loss of data, and nobody else gets one",
    },
  },
  roomGivenUpEarly: {
    rule: "that room is given up only when few enough are live",
    file: `${SOURCE}/use-cases/settle-crowded-pools.ts`,
    text: "if (live <= pool.terms.seats + pool.terms.policy.overdraft) await",
    instead: "await",
    caughtBy: {
      file: `${TESTS}/crowded-pools.test.ts`,
      test: "a license is looked after while more are live than it has seats, and no longer",
    },
  },
  admittedUnrestored: {
    rule: "nobody new is admitted before what must last is given back",
    file: `${LUA}/acquire_seats.lua`,
    text: "if not pool.restored then return { 'UNRESTORED' } end",
    instead: "",
    caughtBy: {
      file: `${TESTS}/set-up.test.ts`,
      test: "a license that nobody used since a restart long ago need not wait",
    },
  },
  readmittedUnrestored: {
    rule: "nobody comes back before what must last is given back",
    file: `${LUA}/readmit_seats.lua`,
    text: "if pool.learning and not pool.restored then return { 'UNRESTORED' } end",
    instead: "",
    caughtBy: {
      file: `${TESTS}/set-up.test.ts`,
      test: "nobody comes back before what must last is given back",
    },
  },
  staleRestoration: {
    rule: "what was read for an earlier epoch is not given back",
    file: `${LUA}/restore_pool.lua`,
    text: "if tonumber(ARGV[3]) < tonumber(pool.epoch) then return { 'STALE' } end",
    instead: "",
    caughtBy: {
      file: `${TESTS}/set-up.test.ts`,
      test: "what was read for an earlier set-up is not given to a pool",
    },
  },
  revocationsForgotten: {
    rule: "a pool that lost its data learns what was taken back",
    file: `${LUA}/restore_pool.lua`,
    text: "for mark = i, #ARGV do",
    instead: "for mark = i, 0 do",
    caughtBy: {
      file: `${TESTS}/revocation-store.test.ts`,
      test: "a seat that was taken back does not come back after Redis lost everything, nor is it free too early",
    },
  },
  borrowsForgotten: {
    rule: "a pool that lost its data learns what is borrowed",
    file: `${LUA}/restore_pool.lua`,
    text: "take(id, packed, claim_of(packed), pool.t + kept)",
    instead: "",
    caughtBy: {
      file: `${TESTS}/borrow-recovery.test.ts`,
      test: "after a loss of data borrowed seats are there again, and nobody who works loses one",
    },
  },
  waitersOutliveTheirTime: {
    rule: "who waited by a time of the pool that is lost is not waited for",
    file: `${LUA}/init_pool.lua`,
    text: "redis.call('DEL', T, X, Q, QT, W)",
    instead: "redis.call('DEL', T, X)",
    caughtBy: {
      file: `${TESTS}/waiting-recovery.test.ts`,
      test: "who is gone and waited by a time of the pool that is lost keeps nobody waiting",
    },
  },
  decidedBehindALoss: {
    rule: "where a key turns out to be lost, nothing is decided until the pool was set up again",
    file: `${LUA}/lib/together.lua`,
    text: "local reply = undone or decide(",
    instead: "local reply = decide(",
    caughtBy: {
      file: `${TESTS}/asked-together.test.ts`,
      test: "once a key turns out to be lost, nothing behind it is decided",
    },
  },
} as const satisfies MutantTable;
