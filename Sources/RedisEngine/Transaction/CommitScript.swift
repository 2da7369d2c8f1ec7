import RESPClient

/// The one script that changes records: first it compares what was read with what is there; if something has moved on, it
/// changes nothing and names it. Then it carries out plain commands in order, and a few of its own that need numbers
/// which only the server can give.
///
/// Arguments: prefix; number of checks; the checks; number of changes (the numbers reserved); the operations. Each check and
/// operation begins with how many arguments it has.
///
/// Checks: `h key field value` a hash's field; `g key value` a string; `z key count` a sorted set's
/// size; `x key member` a sorted set holds it; `o key member score` with at most that score; `d limit zset list…` at most so many wait. An absent value is the empty string.
///
/// Redis does not undo what a script has done before a command of it fails. Before the first change it is therefore looked whether
/// each key holds what the commands need; if not, nothing is changed, and the answer is `wrong` and those keys.
///
/// Operations: `! command …` as it is; `r change key member field value…` writes a record and its place in the feed; `a change key
/// member accepted field value…` that of a new one, with its place in the order of acceptance; `q list message channel order` takes a
/// message out of its list, and where it is gone tells those who may have it; `m key value` keeps the larger number; `t ttl key value`
/// stores a result unless a success is stored, and publishes it; `p tag` frees the permits of a claim; `h channel text` publishes with
/// the number of the last change. What records add to the feed and to the order is written before the next operation that is no record.
enum CommitScript {
  static let script = RedisScript(
    "commit",
    """
    local prefix = ARGV[1]
    \(PermitScripts.freeing)
    \(ManyValues.functions)
    local at = 2
    local checks = tonumber(ARGV[at])
    at = at + 1
    local failed = {}
    -- What keys hold; a check that finds something else ends the script before it has changed anything.
    local known = {}
    for i = 1, checks do
      local n = tonumber(ARGV[at])
      local kind = ARGV[at + 1]
      local ok = true
      if kind == 'h' then
        ok = (redis.call('HGET', ARGV[at + 2], ARGV[at + 3]) or '') == ARGV[at + 4]
        known[ARGV[at + 2]] = 'hash'
      elseif kind == 'g' then
        ok = (redis.call('GET', ARGV[at + 2]) or '') == ARGV[at + 3]
      elseif kind == 'z' then
        ok = redis.call('ZCARD', ARGV[at + 2]) == tonumber(ARGV[at + 3])
      elseif kind == 'x' then
        ok = redis.call('ZSCORE', ARGV[at + 2], ARGV[at + 3]) and true
      elseif kind == 'o' then
        local score = redis.call('ZSCORE', ARGV[at + 2], ARGV[at + 3])
        ok = score and tonumber(score) <= tonumber(ARGV[at + 4])
      elseif kind == 'd' then
        local depth = redis.call('ZCARD', ARGV[at + 3])
        for k = at + 4, at + n do
          local length = redis.pcall('LLEN', ARGV[k])
          if type(length) == 'number' then depth = depth + length end
        end
        ok = depth <= tonumber(ARGV[at + 2])
      end
      if not ok then failed[#failed + 1] = i - 1 end
      at = at + 1 + n
    end
    if #failed > 0 then return failed end
    local changes = tonumber(ARGV[at])
    at = at + 1
    local types = {
      LPUSH = 'list', RPUSH = 'list', LREM = 'list', LTRIM = 'list', ZADD = 'zset', ZREM = 'zset', HSET = 'hash',
      HSETNX = 'hash', HDEL = 'hash', HINCRBY = 'hash', SADD = 'set', SREM = 'set' }
    local wrong = {}
    local added, results, metas, held = 0, {}, {}, {}
    local function need(key, kind)
      local found = known[key] or redis.call('TYPE', key)['ok']
      if found == 'none' then found = kind end
      known[key] = found
      if found ~= kind then wrong[#wrong + 1] = key end
    end
    local place = at
    while place <= #ARGV do
      local n, kind = tonumber(ARGV[place]), ARGV[place + 1]
      if kind == '!' then
        local command, key = ARGV[place + 2], ARGV[place + 3]
        if command == 'SET' then
          known[key] = 'string'
        elseif command == 'DEL' then
          for k = place + 3, place + n do known[ARGV[k]] = 'none' end
        elseif types[command] then
          need(key, types[command])
        end
      elseif kind == 'r' or kind == 'a' then
        need(ARGV[place + 3], 'hash')
        need(prefix .. 'celerity:feed', 'zset')
        if kind == 'a' then
          need(ARGV[place + 5], 'zset')
          added = added + 1
        end
      elseif kind == 'q' then
        need(ARGV[place + 2], 'list')
      elseif kind == 'm' then
        need(ARGV[place + 2], 'string')
      elseif kind == 't' then
        metas[#metas + 1] = ARGV[place + 3]
      elseif kind == 'p' then
        held[#held + 1] = prefix .. 'celerity:held:' .. ARGV[place + 2]
      end
      place = place + 1 + n
    end
    -- MGET takes what is no string for nothing, and EXISTS does not.
    inParts(metas, function(from, to)
      local there = 0
      for i, value in ipairs(redis.call('MGET', unpack(metas, from, to))) do
        results[metas[from + i - 1]] = value
        if value then there = there + 1 end
      end
      if redis.call('EXISTS', unpack(metas, from, to)) == there then return end
      for i = from, to do
        if not results[metas[i]] then need(metas[i], 'string') end
      end
    end)
    if #wrong > 0 then return { 'wrong', unpack(wrong) } end
    -- Most claims hold no permit.
    local holders = 0
    inParts(held, function(from, to) holders = holders + redis.call('EXISTS', unpack(held, from, to)) end)
    local base = 0
    if changes > 0 then
      base = redis.call('INCRBY', prefix .. 'celerity:seq', changes) - changes
    end
    local position = 0
    if added > 0 then
      position = redis.call('INCRBY', prefix .. 'celerity:position', added) - added
    end
    local feed, orders = {}, {}
    local total = #ARGV
    while at <= total do
      local n = tonumber(ARGV[at])
      local kind = ARGV[at + 1]
      if kind == 'r' or kind == 'a' then
        local seq = base + tonumber(ARGV[at + 2])
        local key, member = ARGV[at + 3], ARGV[at + 4]
        if kind == 'a' then
          position = position + 1
          local order = orders[ARGV[at + 5]] or {}
          orders[ARGV[at + 5]] = order
          order[#order + 1], order[#order + 2] = position, member
          redis.call('HSET', key, 's', seq, 'p', position, unpack(ARGV, at + 6, at + n))
        else
          redis.call('HSET', key, 's', seq, unpack(ARGV, at + 5, at + n))
        end
        feed[#feed + 1], feed[#feed + 2] = seq, member
      elseif #feed > 0 then
        many('ZADD', prefix .. 'celerity:feed', feed)
        for key, order in pairs(orders) do many('ZADD', key, order) end
        feed, orders = {}, {}
      end
      if kind == '!' then
        redis.call(unpack(ARGV, at + 2, at + n))
        if ARGV[at + 2] == 'DEL' then
          for k = at + 3, at + n do results[ARGV[k]] = nil end
        end
      elseif kind == 'q' then
        if redis.call('LREM', ARGV[at + 2], -1, ARGV[at + 3]) == 0 then
          redis.call('PUBLISH', ARGV[at + 4], ARGV[at + 5])
        end
      elseif kind == 'm' then
        if tonumber(redis.call('GET', ARGV[at + 2]) or '0') < tonumber(ARGV[at + 3]) then
          redis.call('SET', ARGV[at + 2], ARGV[at + 3])
        end
      elseif kind == 't' then
        local known = results[ARGV[at + 3]]
        local done = false
        if known then
          local ok, meta = pcall(cjson.decode, known)
          done = ok and type(meta) == 'table' and meta['status'] == 'SUCCESS'
        end
        if not done then
          if ARGV[at + 2] == '0' then
            redis.call('SET', ARGV[at + 3], ARGV[at + 4])
          else
            redis.call('SET', ARGV[at + 3], ARGV[at + 4], 'EX', ARGV[at + 2])
          end
          redis.call('PUBLISH', ARGV[at + 3], ARGV[at + 4])
          results[ARGV[at + 3]] = ARGV[at + 4]
        end
      elseif kind == 'p' then
        if holders > 0 then free(ARGV[at + 2]) end
      elseif kind == 'h' then
        redis.call('PUBLISH', ARGV[at + 2], (base + changes) .. '\\n' .. ARGV[at + 3])
      end
      at = at + 1 + n
    end
    many('ZADD', prefix .. 'celerity:feed', feed)
    for key, order in pairs(orders) do many('ZADD', key, order) end
    return base
    """)
}
