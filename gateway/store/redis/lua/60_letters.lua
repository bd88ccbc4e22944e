
local function add_letter(P, origin, subject, destination, reason, payload, owner, kind)
  return redis.call('XADD', P .. 'dl', '*', 'o', origin, 's', subject, 'd', destination, 'r', reason, 'b', payload,
              'w', owner, 'n', kind)
end

local function file_push(P, need, owner, letter)
  local queue, person = P .. 'q:' .. letter.destination, string.sub(owner, 3)
  need(queue, 'zset')
  need(P .. 'qa', 'hash')
  need(P .. owner, 'hash')
  if not redis.call('ZSCORE', queue, person) then return 0 end
  add_letter(P, 'push', letter.subject, letter.destination, letter.reason, letter.payload, owner, '')
  redis.call('HDEL', P .. 'qa', letter.destination .. ':' .. person)
  redis.call('HDEL', P .. owner, 'm:' .. letter.destination)
  redis.call('ZREM', queue, person)
  return 1
end

local function file_item(P, need, owner, letter)
  local member = owner .. ':' .. letter.subject
  need(P .. 'xb', 'hash')
  need(P .. 'xa', 'hash')
  local body = redis.call('HGET', P .. 'xb', member)
  if not body then return 0 end
  need(P .. 'x:' .. kind_of(body), 'zset')
  local payload = letter.payload
  if payload == '' then payload = string.sub(body, #kind_of(body) + 2) end
  add_letter(P, 'outbox', letter.subject, letter.destination, letter.reason, payload, owner, kind_of(body))
  end_items(P, {[kind_of(body)] = {member}})
  return 1
end

-- ARGV (owner, origin, subject, destination, reason, payload)... An item that is no longer queued
-- was done or dead-lettered before.
register('bury_v1', {'allow-oom'}, function(keys, args)
  local P, need, filed = keys[1] .. ':', type_guard(), 0
  need(P .. 'dl', 'stream')
  for i = 1, #args, 6 do
    local letter = {subject = args[i + 2], destination = args[i + 3], reason = args[i + 4], payload = args[i + 5]}
    local file = args[i + 1] == 'push' and file_push or file_item
    filed = filed + file(P, need, args[i], letter)
  end
  return filed
end)

-- ARGV entry. The id of a quarantined delivery is remembered for one more week.
register('forget_letter_v1', {'allow-oom'}, function(keys, args)
  local P = keys[1] .. ':'
  local letter = stream_entry(P .. 'dl', args[1])
  if not letter then return 0 end
  if letter.o == 'intake' then redis.call('PEXPIRE', P .. 'd:' .. letter.s, WEEK) end
  return redis.call('XDEL', P .. 'dl', args[1])
end)

local function requeue_item(P, need, letter, payload)
  local member = letter.w .. ':' .. letter.s
  need(P .. 'xb', 'hash')
  need(P .. 'x:' .. letter.n, 'zset')
  redis.call('HSET', P .. 'xb', member, letter.n .. '\0' .. payload)
  redis.call('ZADD', P .. 'x:' .. letter.n, now_ms(), member)
  redis.call('DEL', P .. 'xd:' .. member)
end

local function requeue_push(P, need, letter)
  need(P .. 'q:' .. letter.d, 'zset')
  need(P .. 'qs', 'set')
  need(P .. letter.w, 'hash')
  local version = redis.call('HGET', P .. letter.w, 'v')
  if version then redis.call('HSET', P .. letter.w, 'm:' .. letter.d, version) end
  redis.call('SADD', P .. 'qs', letter.d)
  redis.call('ZADD', P .. 'q:' .. letter.d, 'NX', now_ms(), string.sub(letter.w, 3))
end

-- ARGV entry, payload ('' keeps the stored one). Returns 0 if the letter does not exist.
register('revive_letter_v1', {'allow-oom'}, function(keys, args)
  local P, need = keys[1] .. ':', type_guard()
  local letter = stream_entry(P .. 'dl', args[1])
  if not letter then return 0 end
  local payload = args[2] ~= '' and args[2] or letter.b
  if letter.o == 'intake' then
    redis.call('XADD', P .. 'i', '*', 'd', letter.s, 'b', payload)
    redis.call('SET', P .. 'd:' .. letter.s, '1')
  elseif letter.o == 'push' then
    requeue_push(P, need, letter)
  else
    requeue_item(P, need, letter, payload)
  end
  return redis.call('XDEL', P .. 'dl', args[1])
end)
