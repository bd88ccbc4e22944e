
-- Parses one commit in ARGV, from index i on:
--   name, expected version, next version, bytes, sealed key, log, touched, erase,
--   n, (clock, due)..., n, (key, kind, payload, due)..., n, (key)..., n, (destination)...
-- An empty due removes the timer. An empty touched leaves the list of recent persons unchanged.
-- "1" for erase destroys the sealed key and the external ids; "h" there gives the pushes priority.
local function parse(args, i)
  local c = {name = args[i], expected = args[i + 1], next = args[i + 2], bytes = args[i + 3], sealed = args[i + 4],
             log = args[i + 5], touched = args[i + 6], erase = args[i + 7] == '1', priority = args[i + 7] == 'h', timers = i + 9,
             timer_count = tonumber(args[i + 8])}
  local at = c.timers + 2 * c.timer_count
  c.adds, c.add_count = at + 1, tonumber(args[at])
  at = c.adds + 4 * c.add_count
  c.dones, c.done_count = at + 1, tonumber(args[at])
  at = c.dones + c.done_count
  c.pushes, c.push_count = at + 1, tonumber(args[at])
  return c, c.pushes + c.push_count
end

local function check_types(P, need, args, c)
  if c.log ~= '' then need(P .. 'l', 'stream') end
  if c.touched ~= '' or c.erase then need(P .. 'u', 'zset') end
  if c.timer_count > 0 then need(P .. 't', 'zset') end
  if c.add_count + c.done_count > 0 then
    need(P .. 'xb', 'hash')
    need(P .. 'xa', 'hash')
  end
  for k = c.adds, c.dones - 2, 4 do need(P .. 'x:' .. args[k + 1], 'zset') end
  if c.push_count > 0 then need(P .. 'qs', 'set') end
  for k = c.pushes, c.pushes + c.push_count - 1 do need(P .. 'q:' .. args[k], 'zset') end
end

local function add_items(P, args, c)
  for k = c.adds, c.dones - 2, 4 do
    local member = c.name .. ':' .. args[k]
    if redis.call('EXISTS', P .. 'xd:' .. member) == 0 and
        redis.call('HSETNX', P .. 'xb', member, args[k + 1] .. '\0' .. args[k + 2]) == 1 then
      redis.call('ZADD', P .. 'x:' .. args[k + 1], args[k + 3], member)
    end
  end
end

local PRIORITY_LEAD = 24 * 3600 * 1000  -- of a priority push before others, ms

-- A person who is already queued keeps their place, and a destination that is backing off keeps its
-- time, unless the push has priority. Priority does not change the time of a retry either.
local function push_with_priority(queue, id, now)
  local waits = redis.call('ZSCORE', queue, id)
  if waits and tonumber(waits) > now then return end
  redis.call('ZADD', queue, 'LT', now - PRIORITY_LEAD, id)
end

local function mark_pushes(P, args, c, now, document, later)
  local id = string.sub(c.name, 3)
  for k = c.pushes, c.pushes + c.push_count - 1 do
    local destination = args[k]
    later.pushes[destination] = later.pushes[destination] or {}
    if c.priority then
      push_with_priority(P .. 'q:' .. destination, id, now)
    else
      table.insert(later.pushes[destination], id)
    end
    document[#document + 1] = 'm:' .. destination
    document[#document + 1] = c.next
  end
end

local function write_document(P, args, c, key, last, now, later)
  if c.log ~= '' then last = redis.call('XADD', P .. 'l', '*', 'k', c.name, 'p', last, 'b', c.log) end
  local document = {'HSET', key, 'v', c.next, 'b', c.bytes, 'l', last}
  if c.expected == '0' then
    document[#document + 1] = 'k'
    document[#document + 1] = c.sealed
  end
  mark_pushes(P, args, c, now, document, later)
  redis.call(unpack(document))
end

local function erase(P, c, key, later)
  local drop = {'HDEL', key, 'k'}
  for _, field in ipairs(redis.call('HKEYS', key)) do
    if string.sub(field, 1, 2) == 'r:' then drop[#drop + 1] = field end
  end
  redis.call(unpack(drop))
  later.touched[string.sub(c.name, 3)] = nil
  redis.call('ZREM', P .. 'u', string.sub(c.name, 3))
end

-- Writes what all commits of a call change in a key with one command each. The last commit of a
-- document counts.
local function write_later(P, later, now)
  for destination, ids in pairs(later.pushes) do
    redis.call('SADD', P .. 'qs', destination)
    local add = {'ZADD', P .. 'q:' .. destination, 'NX'}
    for _, id in ipairs(ids) do
      add[#add + 1] = now
      add[#add + 1] = id
    end
    if #ids > 0 then redis.call(unpack(add)) end
  end
  local recent = {'ZADD', P .. 'u'}
  for id, at in pairs(later.touched) do
    recent[#recent + 1] = at
    recent[#recent + 1] = id
  end
  if #recent > 2 then redis.call(unpack(recent)) end
  local set, drop = {'ZADD', P .. 't'}, {'ZREM', P .. 't'}
  for member, due in pairs(later.timers) do
    if due == '' then
      drop[#drop + 1] = member
    else
      set[#set + 1] = due
      set[#set + 1] = member
    end
  end
  if #set > 2 then redis.call(unpack(set)) end
  end_items(P, later.ended)
  if #drop > 2 then redis.call(unpack(drop)) end
end

local function commit_one(P, need, args, c, now, later)
  local key = P .. c.name
  local head = redis.call('HMGET', key, 'v', 'l')
  if (head[1] or '0') ~= c.expected then return 0 end
  check_types(P, need, args, c)
  local kinds = {}
  for k = c.dones, c.dones + c.done_count - 1 do
    local body = redis.call('HGET', P .. 'xb', c.name .. ':' .. args[k])
    if body then
      kinds[k] = kind_of(body)
      need(P .. 'x:' .. kinds[k], 'zset')
    end
  end
  write_document(P, args, c, key, head[2] or '', now, later)
  if c.touched ~= '' then later.touched[string.sub(c.name, 3)] = c.touched end
  add_items(P, args, c)
  for k = c.timers, c.timers + 2 * c.timer_count - 1, 2 do later.timers[c.name .. ':' .. args[k]] = args[k + 1] end
  for k, kind in pairs(kinds) do to_end(later.ended, kind, c.name .. ':' .. args[k]) end
  if c.erase then erase(P, c, key, later) end
  return 1
end

-- Returns 1 (done) or 0 (conflict) for each commit.
register('commit_v1', {'allow-oom'}, function(keys, joined)
  local args = arguments_of(joined)
  local P, need, now = keys[1] .. ':', type_guard(), now_ms()
  local later = {pushes = {}, touched = {}, timers = {}, ended = {}}
  local answers, i = {}, 1
  local well, fault = pcall(function()
    while i <= #args do
      local c, after = parse(args, i)
      answers[#answers + 1] = commit_one(P, need, args, c, now, later)
      i = after
    end
  end)
  write_later(P, later, now)  -- even if a later commit was refused: the earlier ones stay
  if not well then error({err = fault}) end  -- pcall returns the text of a Redis error
  return answers
end)
