-- Looks into buckets (GCRA), and takes one token out of each that it is to, on Redis' own time.
--
-- KEYS  the buckets, in one slot. Each holds when it would be full again, in microseconds since 1970;
--       it is gone once it is full.
-- ARGV  1 "ask": takes only if every bucket has a token;  "charge": takes whatever they have, into a
--         debt of one period at most
--       then for each bucket: period in microseconds, tokens in a period, tokens to take (0 or 1)
-- Reply microseconds until every bucket has a token, 0 if they have. Above 0, "ask" took nothing.
--
-- A clock that is set back does not keep a bucket empty for longer than its debt could.
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local wait, full_at = 0, {}
for i, key in ipairs(KEYS) do
  local period, count = tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i])
  local kept = tonumber(redis.call('GET', key) or '0')
  full_at[i] = math.min(math.max(kept, now), now + 2 * period)
  wait = math.max(wait, (full_at[i] - now) + (period / count - period))
end
if ARGV[1] == 'charge' or wait <= 0 then
  for i, key in ipairs(KEYS) do
    local period, count = tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i])
    local after = math.min(full_at[i] + period / count, now + 2 * period)
    if ARGV[3 * i + 1] == '1' then
      redis.call('SET', key, string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
    end
  end
end
return math.ceil(wait)
