
-- Returns now, the earliest time that is not due yet (or ''), and up to `limit` due pairs (member,
-- score).
local function due(key, limit)
  local now = now_ms()
  local first = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
  if #first == 0 then return now, '', {} end
  if tonumber(first[2]) > now then return now, first[2], {} end
  local later = redis.call('ZRANGEBYSCORE', key, '(' .. now, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
  return now, later[2] or '', redis.call('ZRANGEBYSCORE', key, '-inf', now, 'WITHSCORES', 'LIMIT', 0, limit)
end

local function members_of(rows)
  local members = {}
  for i = 1, #rows, 2 do members[#members + 1] = rows[i] end
  return members
end

-- ARGV limit. Returns rows of (member, due).
register('due_timers_v1', {'no-writes'}, function(keys, args)
  local now, after, rows = due(keys[1] .. ':t', args[1])
  return {now, after, rows}
end)

-- ARGV limit, kind. Returns rows of (member, due, body, attempts).
register('due_outbox_v1', {'no-writes'}, function(keys, args)
  local P = keys[1] .. ':'
  local now, after, rows = due(P .. 'x:' .. args[2], args[1])
  if #rows == 0 then return {now, after, rows} end
  local members, out = members_of(rows), {}
  for first = 1, #members, 1000 do  -- Lua passes at most some thousand arguments
    local last = math.min(first + 999, #members)
    local bodies = redis.call('HMGET', P .. 'xb', unpack(members, first, last))
    local attempts = redis.call('HMGET', P .. 'xa', unpack(members, first, last))
    for i = first, last do
      local at = i - first + 1
      for _, cell in ipairs({members[i], rows[2 * i], bodies[at] or '', attempts[at] or '0'}) do out[#out + 1] = cell end
    end
  end
  return {now, after, out}
end)

-- ARGV limit, destination. Returns rows of (person, due, attempts, version of the document, id at
-- the destination).
register('due_push_v1', {'no-writes'}, function(keys, args)
  local P = keys[1] .. ':'
  local now, after, rows = due(P .. 'q:' .. args[2], args[1])
  if #rows == 0 then return {now, after, rows} end
  local members, fields, out = members_of(rows), {}, {}
  for i, member in ipairs(members) do fields[i] = args[2] .. ':' .. member end
  local attempts = redis.call('HMGET', P .. 'qa', unpack(fields))
  for i, member in ipairs(members) do
    local head = redis.call('HMGET', P .. 'p:' .. member, 'v', 'r:' .. args[2])
    local row = {member, rows[2 * i], attempts[i] or '0', head[1] or '0', head[2] or ''}
    for _, cell in ipairs(row) do out[#out + 1] = cell end
  end
  return {now, after, out}
end)
