-- Sets a pool up: for the first time, or after its data were lost, or under a new incarnation of Redis.
-- The one way in which a pool comes into being; every fault ends here.
--
-- ARGV  1 TIME in ms, read before the epoch was taken   2 the incarnation, read with it
--       3 since when that incarnation has certainly been there, in ms of TIME
--       4 how long an earlier primary may go on, in ms
--       5 how long any lease of the license may have lived, in ms
--       6 the epoch: taken for this call alone, greater than every one before; 1 if there was none before
--       7 revision of whether it is drained   8 "1" if it is
--       9 for how many seats there may be leases, some from before the terms were lowered
--       10 version   11.. the terms, `revision` among them: field, value, …
-- Reply OK; EXISTS if the pool is sound; STALE if the incarnation is another; LATE or CLOCK if the
--   time is not within 2 s after ARGV 1.
--
-- An epoch other than the first one admits nobody new for as long as a lease may live, more than
-- 4 s. So a call that comes 2 s late at most cannot meet a grant made since its epoch was taken, save
-- one of the first epoch, and the epoch of this call is then not the first.
--@include clock
--@include ledger
--@include pool
--@include claims
local WINDOW_MS = 2000
local n = time_ms()
if n > tonumber(ARGV[1]) + WINDOW_MS then return { 'LATE' } end
if n < tonumber(ARGV[1]) then return { 'CLOCK' } end
local incarnation = this_incarnation()
if incarnation ~= ARGV[2] then return { 'STALE' } end
local known = redis.call('HMGET', M, 'incarnation', 'epoch', 'revision', 'seen', 'skipped',
  'drain_revision')
local sound = known[1] and complete()
if sound and known[1] == incarnation then return { 'EXISTS' } end

local function delete_derived(claim)
  for _, name in ipairs(claim.pools) do redis.call('DEL', BASE .. name) end
  if claim.sharers then redis.call('DEL', BASE .. claim.sharers) end
end

local epoch = tonumber(ARGV[6])
-- The time of the pool stood still since it was looked at last.
local t = known[4] and known[4] - known[5] or n
local skipped = n - t
local fence_until, learn_until = 0, 0
if epoch > 1 then
  local old_primary_ends = tonumber(ARGV[3]) + tonumber(ARGV[4])
  fence_until = old_primary_ends - skipped
  -- In a cluster the pool may have come from a node that granted until a moment ago to one that was there long before.
  if sound and tonumber(known[2]) == epoch - 1 and not in_cluster() then
    -- The data are the newest there were, of an incarnation that is over: since it ended, nobody has
    -- granted or renewed. A license that nobody used meanwhile need not wait.
    learn_until = fence_until + tonumber(ARGV[5])
  else
    learn_until = math.max(t, fence_until) + tonumber(ARGV[5])
  end
end
if not known[6] or tonumber(known[6]) < tonumber(ARGV[7]) then
  redis.call('HSET', M, 'drain_revision', ARGV[7], 'drained', ARGV[8])
end
if not known[3] or is_newer(ARGV[10], known[3]) then redis.call('HSET', M, unpack(ARGV, 11)) end
redis.call('HSET', M, 'incarnation', incarnation, 'epoch', ARGV[6], 'seq', 0, 'qseq', 0,
  'seen', n, 'skipped', skipped, 'turned', 0, 'room', ARGV[9],
  'fence_until', fence_until, 'learn_until', learn_until,
  'restored', epoch > 1 and 0 or 1)
redis.call('PERSIST', M)
-- Leases that are here prove nothing: their holders do, with their tokens.
for _, name in ipairs(redis.call('SMEMBERS', D)) do redis.call('DEL', BASE .. name) end
for _, packed in ipairs(redis.call('HVALS', S)) do delete_derived(claim_of(packed)) end
for name in string.gmatch(redis.call('HGET', M, 'limits'), '([^=,]+)=') do redis.call('DEL', BASE .. name) end
redis.call('DEL', Z, S, D, O)
-- By a time that nobody knows any more. Waiters come back at once, with the orders that they know.
if not known[4] then redis.call('DEL', T, X, Q, QT, W) end
if redis.call('EXISTS', H) == 1 then
  redis.call('RENAME', H, O)
  redis.call('PEXPIRE', O, math.max(1, learn_until - t))
end
for _, key in ipairs({ Z, T, X }) do redis.call('ZADD', key, 'inf', SENTINEL) end
for _, key in ipairs({ S, H }) do redis.call('HSET', key, SENTINEL, '') end
redis.call('SADD', D, SENTINEL)
record(ARGV[6], 'recovered', n, '', 'until', math.max(n, learn_until + skipped))
return { 'OK' }
