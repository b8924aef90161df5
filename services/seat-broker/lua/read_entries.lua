-- Reads entries of a license's ledger, oldest first: those that were read before and not acknowledged,
-- then new ones. Makes the consumer group where it is missing.
--
-- KEYS  1 m of the license
-- ARGV  1 how many at most
-- Reply for each entry: id, its fields and values, each on a line of its own: many replies cost who reads them
--   more than one, and no value has a line break; "" for an entry that was dropped after it was read
--
-- All brokers read under one consumer's name: only the one that has the license's row in Postgres reads,
-- so what is pending is pending because a broker died or its acknowledgement was lost.
--@include ledger
local stream, limit = ledger_key('e'), tonumber(ARGV[1])
if redis.call('EXISTS', stream) == 0 then return {} end
-- Fails harmlessly where the group is there already.
redis.pcall('XGROUP', 'CREATE', stream, 'ledger', 0)

local reply = {}
local function read(from)
  local wanted = limit - #reply / 2
  if wanted <= 0 then return end
  local streams = redis.call('XREADGROUP', 'GROUP', 'ledger', 'broker', 'COUNT', wanted, 'STREAMS', stream, from)
  if not streams then return end
  for _, entry in ipairs(streams[1][2]) do
    reply[#reply + 1] = entry[1]
    reply[#reply + 1] = table.concat(entry[2] or {}, '\n')
  end
end
read('0')
read('>')
return reply
