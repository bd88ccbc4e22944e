
-- One commit in ARGV, from index i on:
--   name, expected version, next version, bytes, sealed key, log, touched, erase,
--   n, (clock, due)..., n, (key, kind, payload, due)..., n, (key)..., n, (destination)...
-- where an empty due removes the timer, an empty touched leaves the list of recent persons alone and
-- "1" for erase destroys the sealed key and the refs; "h" there hurries the pushes.
local function parse(args, i)
  local c = {name = args[i], expected = args[i + 1], next = args[i + 2], bytes = args[i + 3], sealed = args[i + 4],
             log = args[i + 5], touched = args[i + 6], erase = args[i + 7] == '1', hurried = args[i + 7] == 'h', timers = i + 9,
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
    if redis.call('HEXISTS', P .. 'xb', member) == 0 and redis.call('EXISTS', P .. 'xd:' .. member) == 0 then
      redis.call('HSET', P .. 'xb', member, args[k + 1] .. '\0' .. args[k + 2])
      redis.call('ZADD', P .. 'x:' .. args[k + 1], args[k + 3], member)
    end
  end
end

local HEAD_START = 24 * 3600 * 1000  -- of a hurried push before others, ms

-- A destination that is backing off keeps its instant: a new version does not hurry a retry. Who waits
-- already keeps his place too, unless the push is hurried now.
local function queue_push(queue, id, now, hurried)
  if not hurried then return redis.call('ZADD', queue, 'NX', now, id) end
  local waits = redis.call('ZSCORE', queue, id)
  if waits and tonumber(waits) > now then return end
  redis.call('ZADD', queue, 'LT', now - HEAD_START, id)
end

local function mark_pushes(P, args, c, now, document)
  local id = string.sub(c.name, 3)
  for k = c.pushes, c.pushes + c.push_count - 1 do
    redis.call('SADD', P .. 'qs', args[k])
    queue_push(P .. 'q:' .. args[k], id, now, c.hurried)
    document[#document + 1] = 'm:' .. args[k]
    document[#document + 1] = c.next
  end
end

local function write_document(P, args, c, key, last, now)
  if c.log ~= '' then last = redis.call('XADD', P .. 'l', '*', 'k', c.name, 'p', last, 'b', c.log) end
  local document = {'HSET', key, 'v', c.next, 'b', c.bytes, 'l', last}
  if c.expected == '0' then
    document[#document + 1] = 'k'
    document[#document + 1] = c.sealed
  end
  mark_pushes(P, args, c, now, document)
  redis.call(unpack(document))
end

local function erase(P, c, key)
  local drop = {'HDEL', key, 'k'}
  for _, field in ipairs(redis.call('HKEYS', key)) do
    if string.sub(field, 1, 2) == 'r:' then drop[#drop + 1] = field end
  end
  redis.call(unpack(drop))
  redis.call('ZREM', P .. 'u', string.sub(c.name, 3))
end

local function move_timers(P, args, c)
  local set, drop = {'ZADD', P .. 't'}, {'ZREM', P .. 't'}
  for k = c.timers, c.timers + 2 * c.timer_count - 1, 2 do
    local member = c.name .. ':' .. args[k]
    if args[k + 1] == '' then
      drop[#drop + 1] = member
    else
      set[#set + 1] = args[k + 1]
      set[#set + 1] = member
    end
  end
  if #set > 2 then redis.call(unpack(set)) end
  return drop
end

local function commit_one(P, need, args, c, now)
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
  write_document(P, args, c, key, head[2] or '', now)
  if c.touched ~= '' then redis.call('ZADD', P .. 'u', c.touched, string.sub(c.name, 3)) end
  add_items(P, args, c)
  local drop = move_timers(P, args, c)
  for k, kind in pairs(kinds) do end_item(P, c.name .. ':' .. args[k], kind) end
  if #drop > 2 then redis.call(unpack(drop)) end
  if c.erase then erase(P, c, key) end
  return 1
end

-- Answers 1 (done) or 0 (conflict) for each commit.
register('commit_v1', {'allow-oom'}, function(keys, joined)
  local args = arguments_of(joined)
  local P, need, now = keys[1] .. ':', type_guard(), now_ms()
  local answers, i = {}, 1
  while i <= #args do
    local c, after = parse(args, i)
    answers[#answers + 1] = commit_one(P, need, args, c, now)
    i = after
  end
  return answers
end)
