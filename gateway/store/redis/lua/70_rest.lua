
-- ARGV (claim, candidate)... Returns the holder of each. SET NX GET: the first claim wins and
-- stays.
register('claim_v1', {'allow-oom'}, function(keys, args)
  local P, holders = keys[1] .. ':c:', {}
  for i = 1, #args, 2 do
    holders[#holders + 1] = redis.call('SET', P .. args[i], args[i + 1], 'NX', 'GET') or args[i + 1]
  end
  return holders
end)

-- ARGV (claim, from, to)... An empty `to` frees the claim.
register('repoint_v1', {'allow-oom'}, function(keys, args)
  local P = keys[1] .. ':c:'
  for i = 1, #args, 3 do
    if redis.call('GET', P .. args[i]) == args[i + 1] then
      if args[i + 2] == '' then
        redis.call('DEL', P .. args[i])
      else
        redis.call('SET', P .. args[i], args[i + 2])
      end
    end
  end
  return #args / 3
end)

-- ARGV name, limit, first entry ('': the newest). Returns the log records of a document, newest
-- first, as rows of (entry, previous entry, record). The chain ends where the log was trimmed.
register('history_v1', {'no-writes'}, function(keys, args)
  local P, out = keys[1] .. ':', {}
  local id = args[3] ~= '' and args[3] or redis.call('HGET', P .. args[1], 'l')
  while id and id ~= '' and #out < 3 * tonumber(args[2]) do
    local record = stream_entry(P .. 'l', id)
    if not record then break end
    for _, cell in ipairs({id, record.p, record.b}) do out[#out + 1] = cell end
    id = record.p
  end
  return out
end)

-- ARGV node, time to live in ms. Returns 1 if the node holds the lease now.
register('lease_v1', {'allow-oom'}, function(keys, args)
  local key = keys[1] .. ':own'
  local holder = redis.call('GET', key)
  if holder and holder ~= args[1] then return 0 end
  redis.call('SET', key, args[1], 'PX', args[2])
  return 1
end)

-- ARGV node.
register('release_v1', {'allow-oom'}, function(keys, args)
  local key = keys[1] .. ':own'
  if redis.call('GET', key) ~= args[1] then return 0 end
  return redis.call('DEL', key)
end)

-- ARGV key, time to live in ms. Returns 1 for the first caller.
register('use_once_v1', {'allow-oom'}, function(keys, args)
  return redis.call('SET', keys[1] .. ':n:' .. args[1], '1', 'NX', 'PX', args[2]) and 1 or 0
end)

-- ARGV name, value.
register('put_value_v1', {'allow-oom'}, function(keys, args)
  local key = keys[1] .. ':val:' .. args[1]
  if args[2] == '' then redis.call('DEL', key) else redis.call('SET', key, args[2]) end
  return 1
end)

-- Returns intake, timers, outbox, push, dead letters, persons.
register('counts_v1', {'no-writes'}, function(keys)
  local P, push = keys[1] .. ':', 0
  for _, destination in ipairs(redis.call('SMEMBERS', P .. 'qs')) do
    -- Queues of destinations to be asked about ('?') contain nothing to send.
    if not string.find(destination, '?', 1, true) then push = push + redis.call('ZCARD', P .. 'q:' .. destination) end
  end
  return {redis.call('XLEN', P .. 'i'), redis.call('ZCARD', P .. 't'), redis.call('HLEN', P .. 'xb'), push,
          redis.call('XLEN', P .. 'dl'), redis.call('ZCARD', P .. 'u')}
end)
