-- What the ledger is told of leases and of those who ask for one.

-- The flag of a lease that was granted beyond the seats, whatever other flags it has.
local function overdraft_of(flags)
  return string.find(flags, 'O') and 'O' or ''
end

-- seats, shared unit and features of a packed claim
local function told_of(packed)
  local seats, share, features = string.match(packed, '^(%d+),([^,]*),[^,]*,?(.*)$')
  return seats or 1, share or '', features or ''
end

-- A lease is there: `kind` is grant or readmit; written, what h holds of it; live, how many seats are live with it, as
-- far as that is known.
local function record_holding(pool, kind, id, packed, written, live)
  local fence, installation, flags, facts = string.match(written, '^([^|]*)|[^|]*|([^|]*)|([^|]*)|(.*)$')
  local seats, share, features = told_of(packed)
  record(pool.epoch, kind, pool.time, id, 'fence', fence, 'by', installation, 'facts', facts,
    'seats', seats, 'features', features, 'unit', share,
    'over', string.find(flags, 'O') and 1 or 0, 'borrowed', string.find(flags, 'B') and 1 or 0,
    'live', live or redis.call('ZCOUNT', Z, '(' .. pool.t, '(inf'))
end

-- Somebody asked for a lease and got none.
local function record_refusal(pool, id, packed, installation, facts, cause, feature)
  local seats, _, features = told_of(packed)
  record_denial(pool.epoch, pool.time, id, 'by', installation, 'facts', facts, 'seats', seats,
    'features', features, 'cause', cause, 'feature', feature,
    'live', redis.call('ZCOUNT', Z, '(' .. pool.t, '(inf'), 'waiting', redis.call('ZCARD', Q))
end
