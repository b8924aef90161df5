-- What scripts share that decide for many who ask at a time.

-- Decides for each in their order: `decide` is given the arguments of one, so many of ARGV, and returns the reply.
-- Returns OK n and the replies. Once a key turns out to be lost, nothing behind it is decided; the second tells.
local function decide_each(pool, first, width, decide)
  local replies, undone = { 'OK', pool.time }, nil
  for i = first, #ARGV, width do
    local reply = undone or decide(unpack(ARGV, i, i + width - 1))
    if reply[1] == 'NOMETA' then undone = reply end
    replies[#replies + 1] = reply
  end
  return replies, undone
end
