-- Counts requests of a bucket if the rate allows: tally.estimate in rate.go is the
-- same. One call is atomic. The bucket is a hash of the window it was last counted
-- in (w), and the requests of that window (c) and of the one before (p).
-- KEYS: the bucket. ARGV: window in ms, limit, requests, "1" to count them.
-- Returns whether they are allowed, the requests of this window and of the one
-- before, and the ms since this window began.
local window, limit, n = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local elapsed = now % window
local index = (now - elapsed) / window

local kept = redis.call('HMGET', KEYS[1], 'w', 'c', 'p')
local last, current, previous = tonumber(kept[1] or -1), 0, 0
if last == index then
  current, previous = tonumber(kept[2]), tonumber(kept[3])
elseif last == index - 1 then
  previous = tonumber(kept[2])
end

local estimate = current + math.floor((2 * previous * (window - elapsed) + window) / (2 * window))
if estimate + n > limit then
  return {0, current, previous, elapsed}
end
if n > 0 and ARGV[4] == '1' then
  current = current + n
  local function text(number) return string.format('%.0f', number) end
  redis.call('HSET', KEYS[1], 'w', text(index), 'c', text(current), 'p', text(previous))
  redis.call('PEXPIRE', KEYS[1], text(2 * window - elapsed))
end
return {1, current, previous, elapsed}
