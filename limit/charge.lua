-- Charges a bucket if its budget allows: Budget.allows in budget.go is the same.
-- One call is atomic. The bucket is a hash of what it owed (d, micropoints) at a
-- time (t, microseconds) and the points it restores per second since (r); it
-- expires when nothing is owed any more.
-- KEYS: the bucket. ARGV: capacity in micropoints, points restored per second,
-- micropoints to charge, which are negative in a refund.
-- Returns whether they were charged, and what is owed.
local capacity, restore, points = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])

local kept = redis.call('HMGET', KEYS[1], 'd', 't', 'r')
local owed = 0
if kept[1] then
  local elapsed = math.max(now - tonumber(kept[2]), 0)
  owed = math.max(tonumber(kept[1]) - elapsed * tonumber(kept[3]), 0)
end

local ok = 0
if points <= 0 or owed + points <= capacity then
  owed, ok = math.max(owed + points, 0), 1
end
if owed == 0 then
  redis.call('DEL', KEYS[1])
else
  local function text(number) return string.format('%.0f', number) end
  redis.call('HSET', KEYS[1], 'd', text(owed), 't', text(now), 'r', text(restore))
  redis.call('PEXPIRE', KEYS[1], text(math.ceil(owed / restore / 1000) + 1))
end
return {ok, owed}
