-- Brings the terms of a pool up to a version. Lowering the seats ends no lease: it only keeps new
-- ones from being granted until enough are over.
--
-- ARGV  1 version   2.. the terms, `revision` among them: field, value, field, value, …
-- Reply APPLIED, or OLD if the terms in force are of this version or a later one.
--
-- A pool that is not set up gets them too, for a while: init_pool may be under way with older ones.
--@include pool
local current = redis.call('HGET', M, 'revision')
if current and not is_newer(ARGV[1], current) then return { 'OLD' } end
redis.call('HSET', M, unpack(ARGV, 2))
forget_unless_set_up()
return { 'APPLIED' }
