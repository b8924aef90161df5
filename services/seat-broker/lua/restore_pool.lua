-- Gives a pool back what must outlive its data: borrowed seats, and which leases were taken back.
--
-- ARGV  1 estimate of TIME in ms   2 what is known of the clock
--       3 the epoch that was taken last when the rest was read
--       4 how many leases are borrowed; for each: lease, claim, in how many ms its seat is free, installation,
--         fence, grant time in ms of TIME, facts of the holder, "1" if granted by overdraft, for how many ms
--         its holder may rely on it
--       then the leases that were taken back
-- Reply OK, also if it was given back before; STALE if the pool was set up since; or what the gate answers.
--@include clock
--@include pool
--@include gate
--@include ledger
--@include claims
--@include holding
local pool, refusal = enter(ARGV[1], ARGV[2])
if not pool then return refusal end
if tonumber(ARGV[3]) < tonumber(pool.epoch) then return { 'STALE' } end
if pool.restored then return { 'OK' } end
local i = 5
for _ = 1, tonumber(ARGV[4]) do
  local id, packed, kept, installation, fence, granted, facts, overdraft, left = unpack(ARGV, i, i + 8)
  if tonumber(kept) > 0 and not tombstone(id) then
    take(id, packed, claim_of(packed), pool.t + kept)
    local flags = (overdraft == '1' and 'O' or '') .. 'B' .. pool.t + left
    local written = table.concat({ fence, granted, installation, flags, facts }, '|')
    redis.call('HSET', H, id, written)
    record_holding(pool, 'readmit', id, packed, written)
  end
  i = i + 9
end
for mark = i, #ARGV do
  local id = ARGV[mark]
  redis.call('ZADD', X, 'GT', marked_until(pool, expiry_of(id, claim_of(redis.call('HGET', S, id))) or pool.t), id)
end
redis.call('HSET', M, 'restored', 1)
return { 'OK' }
