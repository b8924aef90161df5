-- Drains a pool, or resumes it: brings it up to a revision of that.
--
-- ARGV  1 revision   2 "1" if it is drained, "0" if not
-- Reply APPLIED, or OLD if what is in force is of this revision or a later one.
--
-- A pool that is not set up gets it too, for a while: init_pool may be under way with an older one.
--@include pool
local current = redis.call('HGET', M, 'drain_revision')
if current and tonumber(current) >= tonumber(ARGV[1]) then return { 'OLD' } end
redis.call('HSET', M, 'drain_revision', ARGV[1], 'drained', ARGV[2])
forget_unless_set_up()
return { 'APPLIED' }
