-- Brings the terms of a pool up to a revision, and to one of its product. Lowering the seats ends no lease: it only keeps new
-- ones from being granted until enough are over.
--
-- ARGV  1 revision   2 revision of the product
--       3.. the terms, both among them: field, value, field, value, …
-- Reply APPLIED, or OLD if the terms in force are of these revisions or later ones.
--
-- A pool that is not set up gets them too, for a while: init_pool may be under way with older ones.
--@include pool
--@include terms
local known = redis.call('HMGET', M, 'revision', 'product_revision')
if not is_older(known[1], known[2], ARGV[1], ARGV[2]) then return { 'OLD' } end
redis.call('HSET', M, unpack(ARGV, 3))
forget_unless_set_up()
return { 'APPLIED' }
