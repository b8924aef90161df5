-- Sets a pool up: for the first time, or after its data were lost, or under a new incarnation of Redis.
-- The one way in which a pool comes into being; every fault ends here.
--
-- ARGV  1 TIME in ms, read before the epoch was taken   2 the incarnation, read with it
--       3 when that incarnation was first seen, in ms of TIME
--       4 how long an earlier primary may go on, in ms
--       5 how long any lease of the license may have lived, in ms
--       6 the epoch: taken for this call alone, greater than every one before; 1 if there was none before
--       7 revision   8.. the terms, `revision` among them: field, value, …
-- Reply OK; EXISTS if the pool is sound; STALE if the incarnation is another; LATE or CLOCK if the
--   time is not within 2 s after ARGV 1.
--
-- An epoch other than the first one admits nobody new for as long as a lease may live, more than
-- 4 s. So a call that comes 2 s late at most cannot meet a grant made since its epoch was taken, save
-- one of the first epoch, and the epoch of this call is then not the first.
--@include pool
local WINDOW_MS = 2000
local n = time_ms()
if n > tonumber(ARGV[1]) + WINDOW_MS then return { 'LATE' } end
if n < tonumber(ARGV[1]) then return { 'CLOCK' } end
local incarnation = this_incarnation()
if incarnation ~= ARGV[2] then return { 'STALE' } end
local sentinel = redis.call('ZSCORE', Z, SENTINEL)
local known = redis.call('HMGET', M, 'incarnation', 'epoch', 'revision')
if known[1] == incarnation and sentinel then return { 'EXISTS' } end

local epoch = tonumber(ARGV[6])
local fence_until, learn_until = 0, 0
if epoch > 1 then
  local old_primary_ends = tonumber(ARGV[3]) + tonumber(ARGV[4])
  fence_until = old_primary_ends
  if known[1] and sentinel and tonumber(known[2]) == epoch - 1 then
    -- The data are the newest there were, of an incarnation that is over: since it ended, nobody has
    -- granted or renewed. A license that nobody used meanwhile need not wait.
    learn_until = old_primary_ends + tonumber(ARGV[5])
  else
    learn_until = math.max(n, old_primary_ends) + tonumber(ARGV[5])
  end
end
if not known[3] or tonumber(known[3]) < tonumber(ARGV[7]) then redis.call('HSET', M, unpack(ARGV, 8)) end
redis.call('HSET', M, 'incarnation', incarnation, 'epoch', ARGV[6], 'seq', 0, 'qseq', 0,
  'fence_until', fence_until, 'learn_until', learn_until)
redis.call('PERSIST', M)
redis.call('ZADD', Z, 'inf', SENTINEL)
redis.call('DEL', C)
return { 'OK' }
