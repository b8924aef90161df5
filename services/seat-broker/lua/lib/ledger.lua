-- The ledger's entries: what becomes of seats, appended to a stream by the very script that decides it.
-- Needs only KEYS[1], the hash m of the license: its field `entries` counts them, so that each has a number
-- and a dropped one leaves a gap. The other keys stand beside it, under the same hash tag:
--   e   stream: entries that are not in Postgres yet, about LEDGER_BOUND at most; older ones are dropped
--   d:<lease>  for a minute, that the lease was denied: retries within it are no entries of their own
--
-- record(epoch, kind, at, lease, field, value, …)
--   epoch  of the pool           at  in ms of TIME (not of pool time), never a fraction
--   lease  '' where none         values are text or whole numbers; a field that does not apply may be left out
-- Kinds and their fields:
--   grant    A seat was granted; again for the same lease when what it takes changes (borrowed).
--            fence "epoch.seq" · by installation, packed · facts of the holder, a JSON list of text:
--            user, host, process, version, address · seats 1.. · features, codes with commas between ·
--            unit, the shared unit, '' if none · over 1 if overdraft · borrowed 1 if so ·
--            live seats of the pool with it
--   readmit  A holder came back after a loss of data. Fields as grant; facts '' if unknown.
--            Also for each lease that is restored from Postgres: whoever is not readmitted counts as lost.
--   end      The lease is over, its seats are free since `at`: for EXPIRED that is its expiry, not now.
--            reason RELEASED | EXPIRED | REVOKED | CHECKED_IN
--   recovered  The pool was set up under this epoch (lease ''). until: when learning ends, in ms of TIME.
-- Never for a renewal, nor for a repeated call that is answered with the lease as it was.
--
-- record_denial(epoch, at, lease, field, value, …)
--   Somebody asked for a seat and got none. Fields by, facts, seats, features as of a grant, and
--   cause FULL | FEATURE_FULL | RESERVED | DRAINED | HOLDER_EXCLUDED (also of a user whom the license does not
--   name) | FEATURE_NOT_LICENSED | VERSION_NOT_COVERED |
--   INSTALLATION_DISABLED ·
--   feature with FEATURE_FULL and FEATURE_NOT_LICENSED · live seats of the pool · waiting, how many wait.
--   To wait in the queue is no denial, nor is LEARNING (the pool is being recovered), nor that the license
--   may not be used at all, nor an id that is over.
local LEDGER_BOUND = 100000
local DENIALS_APART_MS = 60000

local function ledger_key(name)
  return string.sub(KEYS[1], 1, -2) .. name
end

local function record(epoch, kind, at, lease, ...)
  local number = redis.call('HINCRBY', KEYS[1], 'entries', 1)
  redis.call('XADD', ledger_key('e'), 'MAXLEN', '~', LEDGER_BOUND, '*',
    'epoch', epoch, 'number', number, 'kind', kind, 'at', at, 'lease', lease, ...)
end

local function record_denial(epoch, at, lease, ...)
  local first = redis.call('SET', ledger_key('d:' .. lease), 1, 'NX', 'PX', DENIALS_APART_MS)
  if first then record(epoch, 'deny', at, lease, ...) end
end
