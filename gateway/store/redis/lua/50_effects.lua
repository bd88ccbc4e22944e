
-- ARGV (member)...
register('outbox_done_v1', {'allow-oom'}, function(keys, args)
  local P, need, ended = keys[1] .. ':', type_guard(), {}
  need(P .. 'xb', 'hash')
  need(P .. 'xa', 'hash')
  local bodies = redis.call('HMGET', P .. 'xb', unpack(args))
  for i, member in ipairs(args) do
    if bodies[i] then
      need(P .. 'x:' .. kind_of(bodies[i]), 'zset')
      to_end(ended, kind_of(bodies[i]), member)
    end
  end
  end_items(P, ended)
  return #args
end)

-- Moves a queued member to another time and counts the attempt. Repeating the call finds the time
-- already set and changes nothing.
local function retry(zset, attempts, member, field, at)
  local score = redis.call('ZSCORE', zset, member)
  if not score or tonumber(score) == tonumber(at) then return end
  redis.call('HINCRBY', attempts, field, 1)
  redis.call('ZADD', zset, 'XX', at, member)
end

-- ARGV (member, at)...
register('outbox_retry_v1', {'allow-oom'}, function(keys, args)
  local P, need = keys[1] .. ':', type_guard()
  need(P .. 'xb', 'hash')
  need(P .. 'xa', 'hash')
  for i = 1, #args, 2 do
    local body = redis.call('HGET', P .. 'xb', args[i])
    if body then retry(P .. 'x:' .. kind_of(body), P .. 'xa', args[i], args[i], args[i + 1]) end
  end
  return #args / 2
end)

-- ARGV (member, at)... For items that were not tried.
register('outbox_later_v1', {'allow-oom'}, function(keys, args)
  local P, need = keys[1] .. ':', type_guard()
  need(P .. 'xb', 'hash')
  for i = 1, #args, 2 do
    local body = redis.call('HGET', P .. 'xb', args[i])
    if body then redis.call('ZADD', P .. 'x:' .. kind_of(body), 'XX', args[i + 1], args[i]) end
  end
  return #args / 2
end)

-- ARGV (person, destination, at)...
register('push_retry_v1', {'allow-oom'}, function(keys, args)
  local P = keys[1] .. ':'
  type_guard()(P .. 'qa', 'hash')
  for i = 1, #args, 3 do
    retry(P .. 'q:' .. args[i + 1], P .. 'qa', args[i], args[i + 1] .. ':' .. args[i], args[i + 2])
  end
  return #args / 3
end)

-- ARGV (person, destination, version, ref)... A person marked at a later version stays queued in
-- place, due now at the latest, with 0 attempts.
register('push_done_v1', {'allow-oom'}, function(keys, args)
  local P, need, now = keys[1] .. ':', type_guard(), now_ms()
  need(P .. 'qa', 'hash')
  local gone, tries = {}, {}
  for i = 1, #args, 4 do
    local person, destination, version, ref = args[i], args[i + 1], tonumber(args[i + 2]), args[i + 3]
    local document, queue = P .. 'p:' .. person, P .. 'q:' .. destination
    need(queue, 'zset')
    local head = redis.call('HMGET', document, 'v', 'm:' .. destination)
    if head[1] and ref ~= '' then redis.call('HSET', document, 'r:' .. destination, ref) end
    tries[#tries + 1] = destination .. ':' .. person
    if tonumber(head[2] or '0') > version then
      redis.call('ZADD', queue, 'XX', 'LT', now, person)
    else
      redis.call('HDEL', document, 'm:' .. destination)
      gone[queue] = gone[queue] or {}
      table.insert(gone[queue], person)
    end
  end
  if #tries > 0 then redis.call('HDEL', P .. 'qa', unpack(tries)) end
  for queue, persons in pairs(gone) do redis.call('ZREM', queue, unpack(persons)) end
  return #args / 4
end)
