-- What Redis tells of itself: its clock, which Redis it is, and of what kind.

local function time_ms()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- The word behind a name of INFO's. Without the plain search every place of the text would be tried as a pattern.
local function told(info, name)
  return string.match(info, '^:(%x+)', string.find(info, name, 1, true) + #name)
end

-- Changes whenever this Redis is another than it was: restarted, promoted, or restored.
local function this_incarnation()
  local info = redis.call('INFO', 'server', 'replication')
  return told(info, 'run_id') .. '.' .. told(info, 'master_replid')
end

-- Whether keys may move here from another Redis.
local function in_cluster()
  return string.find(redis.call('INFO', 'server'), '_mode:cluster', 1, true)
end
