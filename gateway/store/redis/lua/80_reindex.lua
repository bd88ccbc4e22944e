
-- Corrects the index entries that documents imply, each only if its document has that version.
local function reindex_timers(P, name, timers)
  local fixed = 0
  for k = 1, #timers, 2 do
    local member, due = name .. ':' .. timers[k], timers[k + 1]
    local score = redis.call('ZSCORE', P .. 't', member)
    if due ~= '' and (not score or tonumber(score) ~= tonumber(due)) then
      redis.call('ZADD', P .. 't', due, member)
      fixed = fixed + 1
    end
  end
  return fixed
end

local function reindex_pushes(P, need, name, now)
  local fixed = 0
  for _, field in ipairs(redis.call('HKEYS', P .. name)) do
    if string.sub(field, 1, 2) == 'm:' then
      local destination = string.sub(field, 3)
      need(P .. 'q:' .. destination, 'zset')
      redis.call('SADD', P .. 'qs', destination)
      fixed = fixed + redis.call('ZADD', P .. 'q:' .. destination, 'NX', now, string.sub(name, 3))
    end
  end
  return fixed
end

-- ARGV (name, version, touched, n, (clock, due)...)... Returns rows of (1: version as expected,
-- timers, pushes, listed).
register('reindex_v1', {'allow-oom'}, function(keys, args)
  local P, need, now = keys[1] .. ':', type_guard(), now_ms()
  need(P .. 't', 'zset')
  need(P .. 'u', 'zset')
  need(P .. 'qs', 'set')
  local rows, i = {}, 1
  while i <= #args do
    local name, count = args[i], tonumber(args[i + 3])
    local head = redis.call('HMGET', P .. name, 'v', 'k')
    if head[1] ~= args[i + 1] then
      rows[#rows + 1] = {0, 0, 0, 0}
    else
      local timers = reindex_timers(P, name, {unpack(args, i + 4, i + 3 + 2 * count)})
      local pushes = reindex_pushes(P, need, name, now)
      local listed = head[2] and redis.call('ZADD', P .. 'u', 'NX', args[i + 2], string.sub(name, 3)) or 0
      rows[#rows + 1] = {1, timers, pushes, listed}
    end
    i = i + 4 + 2 * count
  end
  return rows
end)
