import RESPClient

/// Permits in Redis:
///
/// - `celerity:permit:<name>` a sorted set of the claims (their tags) that hold the limit, by the time since when
/// - `celerity:held:<tag>` the set of names that a claim holds
/// - `celerity:scope:<name>` the scopes in which claims hold a fair share, by tag
/// - `celerity:share:<scope>` how many holders of each name a scope has
/// - `celerity:rate:<name>` a rate's `RateWindow`: `index current previous`
enum PermitScripts {
  /// The function that gives back all that a claim holds; the script that ends attempts uses it too.
  static let freeing = """
    local function free(tag)
      local held = prefix .. 'celerity:held:' .. tag
      local names = redis.call('SMEMBERS', held)
      for _, name in ipairs(names) do
        redis.call('ZREM', prefix .. 'celerity:permit:' .. name, tag)
        local scope = redis.call('HGET', prefix .. 'celerity:scope:' .. name, tag)
        if scope then
          redis.call('HDEL', prefix .. 'celerity:scope:' .. name, tag)
          if redis.call('HINCRBY', prefix .. 'celerity:share:' .. scope, name, -1) < 1 then
            redis.call('HDEL', prefix .. 'celerity:share:' .. scope, name)
          end
        end
      end
      if #names > 0 then redis.call('DEL', held) end
    end
    """

  /// Gives back permits. Arguments: prefix; tags.
  static let release = RedisScript(
    "release permits",
    """
    local prefix = ARGV[1]
    \(freeing)
    for i = 2, #ARGV do free(ARGV[i]) end
    """)

  /// Takes permits. Arguments: prefix; store time or empty; whether rates end by themselves; then for each request task, token,
  /// how many permits, and these: `c name limit -`, `r name limit microseconds`, `s name share scope`.
  ///
  /// Answers for each request 1, or who denied it and after how many microseconds to ask again, empty when nobody knows. The
  /// arithmetic of rates is `RateWindow`'s, in an order in which no number gets too large for a double.
  static let acquire = RedisScript(
    "acquire permits",
    """
    local prefix = ARGV[1]
    local own = tonumber(ARGV[2])
    if not own then
      local time = redis.call('TIME')
      own = time[1] * 1000000 + time[2]
    end
    local function number(n) return string.format('%.0f', n) end

    local function divided(a, b) return (a - a % b) / b end
    local function rolled(name, length)
      local text = redis.call('GET', prefix .. 'celerity:rate:' .. name) or '0 0 0'
      local index, current, previous = string.match(text, '^(%d+) (%d+) (%d+)$')
      index, current, previous = tonumber(index), tonumber(current), tonumber(previous)
      local now = divided(own, length)
      if now == index then return index, current, previous end
      return now, 0, now == index + 1 and current or 0
    end
    -- From when in a window one more use is within the limit.
    local function start(before, now, limit, length)
      if now >= limit then return nil end
      if before == 0 then return 0 end
      local free = limit - now
      local room = free * divided(length, before) + divided(free * (length % before) - 1, before)
      return math.max(0, length - room)
    end
    local function delay(name, limit, length)
      if limit < 1 or length < 1 then return nil end
      local index, current, previous = rolled(name, length)
      local elapsed = own - index * length
      local from = start(previous, current, limit, length)
      if from then return math.max(0, from - elapsed) end
      return length - elapsed + (start(current, 0, limit, length) or length)
    end

    local function holds(name, tag) return redis.call('ZSCORE', prefix .. 'celerity:permit:' .. name, tag) end
    local function denial(kind, name, limit, rest, tag)
      if kind == 'c' then
        if holds(name, tag) or redis.call('ZCARD', prefix .. 'celerity:permit:' .. name) < limit then return nil end
      elseif kind == 'r' then
        local wait = delay(name, limit, tonumber(rest))
        if wait == 0 then return nil end
        return { name, wait and number(wait) or '' }
      else
        if holds(name, tag) then return nil end
        local counts = redis.call('HGETALL', prefix .. 'celerity:share:' .. rest)
        local mine, all = 0, 0
        for i = 1, #counts, 2 do
          all = all + tonumber(counts[i + 1])
          if counts[i] == name then mine = tonumber(counts[i + 1]) end
        end
        if mine == 0 or mine + 1 <= limit * (all + 1) then return nil end
      end
      return { name, '' }
    end
    local function hold(name, tag, scope)
      redis.call('ZADD', prefix .. 'celerity:permit:' .. name, number(own), tag)
      redis.call('SADD', prefix .. 'celerity:held:' .. tag, name)
      local scopes = prefix .. 'celerity:scope:' .. name
      local old = redis.call('HGET', scopes, tag)
      if old == scope then return end
      if old then
        redis.call('HDEL', scopes, tag)
        if redis.call('HINCRBY', prefix .. 'celerity:share:' .. old, name, -1) < 1 then
          redis.call('HDEL', prefix .. 'celerity:share:' .. old, name)
        end
      end
      if scope then
        redis.call('HSET', scopes, tag, scope)
        redis.call('HINCRBY', prefix .. 'celerity:share:' .. scope, name, 1)
      end
    end
    local function take(kind, name, rest, tag)
      if kind == 'c' then
        hold(name, tag, false)
      elseif kind == 's' then
        hold(name, tag, rest)
      else
        local length = tonumber(rest)
        local index, current, previous = rolled(name, length)
        local key = prefix .. 'celerity:rate:' .. name
        redis.call('SET', key, number(index) .. ' ' .. number(current + 1) .. ' ' .. number(previous))
        if ARGV[3] == '1' then redis.call('PEXPIRE', key, number(math.ceil(length / 500))) end
      end
    end

    local answer = {}
    local at = 4
    while at <= #ARGV do
      local member, token, count = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2])
      local tag = 'celerity:' .. member .. ':' .. token
      local first, denied = at + 3, nil
      if count > 0 and redis.call('HGET', prefix .. 'celerity:task:' .. member, 't') ~= token then
        denied = { ARGV[first + 1], '' }
      end
      for i = 0, count - 1 do
        local p = first + i * 4
        denied = denied or denial(ARGV[p], ARGV[p + 1], tonumber(ARGV[p + 2]), ARGV[p + 3], tag)
      end
      if not denied then
        for i = 0, count - 1 do
          local p = first + i * 4
          take(ARGV[p], ARGV[p + 1], ARGV[p + 3], tag)
        end
      end
      answer[#answer + 1] = denied or 1
      at = first + count * 4
    end
    return answer
    """)
}
