
-- KEYS dedupe key, stream; ARGV delivery id, payload. Returns 1: stored, 0: known before. The only
-- writer that a full Redis refuses. The stream is appended first, so that a wrong type there leaves
-- no dedupe key.
register('intake_v1', {}, function(keys, args)
  if redis.call('EXISTS', keys[1]) == 1 then return 0 end
  redis.call('XADD', keys[2], '*', 'd', args[1], 'b', args[2])
  redis.call('SET', keys[1], '1')
  return 1
end)

-- ARGV (entry, delivery id)...
register('finish_intake_v1', {'allow-oom'}, function(keys, args)
  local P = keys[1] .. ':'
  type_guard()(P .. 'i', 'stream')
  local entries = {}
  for i = 1, #args, 2 do
    redis.call('SET', P .. 'd:' .. args[i + 1], '1', 'PX', WEEK)
    entries[#entries + 1] = args[i]
  end
  return redis.call('XDEL', P .. 'i', unpack(entries))
end)

-- ARGV (entry, origin, subject, destination, reason, payload)... A missing entry was moved by an
-- earlier call. The dedupe key keeps no expiry, because the delivery still exists as a dead letter.
register('quarantine_v1', {'allow-oom'}, function(keys, args)
  local P = keys[1] .. ':'
  local need, moved = type_guard(), 0
  need(P .. 'i', 'stream')
  need(P .. 'dl', 'stream')
  for i = 1, #args, 6 do
    if #redis.call('XRANGE', P .. 'i', args[i], args[i]) > 0 then
      redis.call('XADD', P .. 'dl', '*', 'o', args[i + 1], 's', args[i + 2], 'd', args[i + 3], 'r', args[i + 4],
           'b', args[i + 5], 'w', '', 'n', '')
      redis.call('XDEL', P .. 'i', args[i])
      moved = moved + 1
    end
  end
  return moved
end)
