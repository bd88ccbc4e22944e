#!lua name=baton_v1
-- revision: 10
-- The Redis functions of Baton. C++ makes all decisions; these functions only apply them, one
-- partition a call. gateway/store/LAYOUT.md is the grammar of the keys. Every writer first checks
-- everything, then appends, then removes, because an error in the middle of a function rolls nothing
-- back. The pieces of the library are joined in order of file name.

local WEEK = 7 * 24 * 3600 * 1000  -- how long finished keys are remembered, ms

-- Returns the time of Redis, which alone decides what is due.
local function now_ms()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- Returns a guard for one call: need(key, type) raises an error before anything is written if the
-- key has another type. It asks Redis once for each key.
local function type_guard()
  local seen = {}
  return function(key, want)
    if seen[key] then return end
    local have = redis.call('TYPE', key).ok
    if have ~= 'none' and have ~= want then
      error({err = 'WRONGTYPE expected ' .. want .. ' found ' .. have})
    end
    seen[key] = true
  end
end

-- Returns the kind of an outbox item: the text before the first NUL of its body.
local function kind_of(body)
  return string.match(body, '^%Z*')
end

-- Ends outbox items whose bodies were read. `ended` holds lists of members by kind. Their keys stay
-- known for a week.
local function end_items(P, ended)
  for kind, members in pairs(ended) do
    for _, member in ipairs(members) do redis.call('SET', P .. 'xd:' .. member, '1', 'PX', WEEK) end
    redis.call('ZREM', P .. 'x:' .. kind, unpack(members))
    redis.call('HDEL', P .. 'xb', unpack(members))
    redis.call('HDEL', P .. 'xa', unpack(members))
  end
end

-- Adds a member to the lists for end_items.
local function to_end(ended, kind, member)
  ended[kind] = ended[kind] or {}
  table.insert(ended[kind], member)
end

local function stream_fields(row)
  local fields = {}
  for i = 1, #row, 2 do fields[row[i]] = row[i + 1] end
  return fields
end

local function stream_entry(key, id)
  local rows = redis.call('XRANGE', key, id, id)
  if #rows == 0 then return nil end
  return stream_fields(rows[1][2])
end

-- Returns the arguments of a call, which may be joined into one: an array of texts in MessagePack.
local function arguments_of(args)
  if #args == 1 then return cmsgpack.unpack(args[1]) end
  return args
end

local function register(name, flags, callback)
  redis.register_function({function_name = name, callback = callback, flags = flags})
end
