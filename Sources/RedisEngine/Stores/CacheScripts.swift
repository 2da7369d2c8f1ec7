import RESPClient

/// A cache in Redis, by its name (1 to 100 of `a-z 0-9 . _ -`, so that no name is the beginning of another one's keys):
///
/// - `celerity:cache:<cache>:entry:<name>` a hash, `type` and `bytes`, which Redis itself lets expire
/// - `celerity:cache:<cache>:used` the names, by when they were used: a sorted set by a number that grows with every use
/// - `celerity:cache:<cache>:until` the names, by the end of their lifetime on the store's time
/// - `celerity:cache:<cache>:sizes` a hash, what each name counts for
/// - `celerity:cache:<cache>:figures` a hash: `hits`, `misses`, `sets`, `evictions`, `bytes`, `uses`
/// - `celerity:caches` the names of the caches
///
/// An entry that expired still counts until somebody comes by; whoever reads figures or needs room comes by first.
enum CacheScripts {
  /// How many entries one run of a script throws out at most: nobody else is served meanwhile.
  static let most = 1000

  /// Arguments of all: prefix; cache; store time or empty.
  private static let opening = """
    local prefix, cache = ARGV[1], ARGV[2]
    local base = prefix .. 'celerity:cache:' .. cache .. ':'
    local own = tonumber(ARGV[3])
    if not own then
      local time = redis.call('TIME')
      own = time[1] * 1000000 + time[2]
    end
    local figures, used, ends = base .. 'figures', base .. 'used', base .. 'until'
    local function count(name, number)
      return redis.call('HINCRBY', figures, name, string.format('%.0f', number))
    end
    local function drop(name)
      if redis.call('ZREM', used, name) == 0 then return false end
      redis.call('ZREM', ends, name)
      redis.call('UNLINK', base .. 'entry:' .. name)
      count('bytes', 0 - tonumber(redis.call('HGET', base .. 'sizes', name) or '0'))
      redis.call('HDEL', base .. 'sizes', name)
      return true
    end
    local function sweep(most)
      local over = redis.call('ZRANGEBYSCORE', ends, '-inf', string.format('%.0f', own), 'LIMIT', 0, most)
      for _, name in ipairs(over) do drop(name) end
      return #over
    end
    local function lives(name)
      local ending = redis.call('ZSCORE', ends, name)
      return ending and tonumber(ending) > own
    end
    """

  /// Reads an entry and counts it. Arguments: as above; name; 0 where it does not count. Answers content type and bytes, or nothing.
  static let read = RedisScript(
    "read a cache",
    """
    \(opening)
    local name = ARGV[4]
    if lives(name) then
      local entry = redis.call('HMGET', base .. 'entry:' .. name, 'type', 'bytes')
      if entry[1] and entry[2] then
        if ARGV[5] == '0' then return entry end
        redis.call('ZADD', used, count('uses', 1), name)
        count('hits', 1)
        return entry
      end
    end
    if ARGV[5] == '0' then return false end
    drop(name)
    redis.call('SADD', prefix .. 'celerity:caches', cache)
    count('misses', 1)
    return false
    """)

  /// Keeps an entry. Arguments: as above; name; content type; bytes; its size; lifetime in microseconds; bound; whether
  /// Redis lets it expire by itself; share of `maxmemory`, in percent, that the server may use with it.
  ///
  /// Where the server has a limit of memory, a cache gives way long before tasks would be refused: it has what it holds
  /// and what is left of the share.
  ///
  /// Answers 1; 0 when it is not to be kept; 2 when so many entries had to go first that it must be called again; 3 when
  /// the server has no room for it.
  static let keep = RedisScript(
    "keep in a cache",
    """
    \(opening)
    local name, size, lifetime, bound = ARGV[4], tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
    redis.call('SADD', prefix .. 'celerity:caches', cache)
    drop(name)
    if lifetime <= 0 or size > bound then return 0 end
    local bytes = tonumber(redis.call('HGET', figures, 'bytes') or '0')
    local room = bound
    local memory = redis.call('INFO', 'memory')
    local limit = tonumber(string.match(memory, '[\\r\\n]maxmemory:(%d+)') or '0')
    if limit > 0 then
      local taken = tonumber(string.match(memory, '[\\r\\n]used_memory:(%d+)'))
      room = math.min(room, bytes + limit * tonumber(ARGV[11]) / 100 - taken)
    end
    local swept = sweep(\(most))
    local gone = swept
    bytes = tonumber(redis.call('HGET', figures, 'bytes') or '0')
    while bytes + size > room do
      if swept == \(most) or gone >= \(most) then return 2 end
      local oldest = redis.call('ZRANGE', used, 0, 0)[1]
      if not oldest then return 3 end
      drop(oldest)
      count('evictions', 1)
      gone = gone + 1
      bytes = tonumber(redis.call('HGET', figures, 'bytes'))
    end
    local entry = base .. 'entry:' .. name
    redis.call('HSET', entry, 'type', ARGV[5], 'bytes', ARGV[6])
    if ARGV[10] == '1' then redis.call('PEXPIRE', entry, string.format('%.0f', math.ceil(lifetime / 1000) + 1)) end
    redis.call('ZADD', used, count('uses', 1), name)
    redis.call('ZADD', ends, string.format('%.0f', own + lifetime), name)
    redis.call('HSET', base .. 'sizes', name, ARGV[7])
    count('bytes', size)
    count('sets', 1)
    return 1
    """)

  /// Forgets an entry. Arguments: as above; name. Answers whether there was one.
  static let forget = RedisScript(
    "forget in a cache",
    """
    \(opening)
    local lived = lives(ARGV[4]) and redis.call('EXISTS', base .. 'entry:' .. ARGV[4]) == 1
    drop(ARGV[4])
    return lived and 1 or 0
    """)

  /// Reads figures. Arguments: as above. Answers whether there are more entries to throw out first, and then hits, misses,
  /// sets, evictions, entries and bytes.
  static let figures = RedisScript(
    "figures of a cache",
    """
    \(opening)
    local more = sweep(\(most)) == \(most) and 1 or 0
    local known = redis.call('HMGET', figures, 'hits', 'misses', 'sets', 'evictions', 'bytes')
    for i = 1, 5 do known[i] = tonumber(known[i] or '0') end
    return { more, known[1], known[2], known[3], known[4], redis.call('ZCARD', used), known[5] }
    """)
}
