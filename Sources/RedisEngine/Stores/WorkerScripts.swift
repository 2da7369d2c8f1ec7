import RESPClient

/// Workers in Redis:
///
/// - `celerity:workers` a hash, what each says of itself, JSON by name
/// - `celerity:present` a sorted set of their names by the end of their time
/// - `celerity:orders` a hash of what each was told and has not obeyed, JSON by name: `[incarnation, [number, order], …]`
/// - `celerity:order` the number of the last order
///
/// The meaning of orders is `OrderBook`'s.
enum WorkerScripts {
  /// A worker is there; some that are no longer there are forgotten. Arguments: prefix; store time or empty; name; JSON;
  /// microseconds.
  static let announce = RedisScript(
    "announce",
    """
    \(time)
    redis.call('HSET', prefix .. 'celerity:workers', ARGV[3], ARGV[4])
    redis.call('ZADD', prefix .. 'celerity:present', string.format('%.0f', own + tonumber(ARGV[5])), ARGV[3])
    local gone = redis.call(
      'ZRANGEBYSCORE', prefix .. 'celerity:present', '-inf', string.format('%.0f', own), 'LIMIT', 0, 100)
    for _, name in ipairs(gone) do
      redis.call('HDEL', prefix .. 'celerity:workers', name)
      redis.call('HDEL', prefix .. 'celerity:orders', name)
      redis.call('ZREM', prefix .. 'celerity:present', name)
    end
    """)

  /// What the workers say that are there. Arguments: prefix; store time or empty.
  static let list = RedisScript(
    "workers",
    """
    \(time)
    local answer = {}
    local names = redis.call(
      'ZRANGEBYSCORE', prefix .. 'celerity:present', '(' .. string.format('%.0f', own), '+inf')
    for _, name in ipairs(names) do
      answer[#answer + 1] = redis.call('HGET', prefix .. 'celerity:workers', name)
    end
    return answer
    """)

  /// Gives an order. Arguments: prefix; store time or empty; name; order; how many are kept. Answers 1, or 0 when there is no
  /// such worker.
  static let order = RedisScript(
    "order",
    """
    \(time)
    local ends = redis.call('ZSCORE', prefix .. 'celerity:present', ARGV[3])
    if not ends or tonumber(ends) <= own then return 0 end
    local incarnation = cjson.decode(redis.call('HGET', prefix .. 'celerity:workers', ARGV[3])).incarnation
    local text = redis.call('HGET', prefix .. 'celerity:orders', ARGV[3])
    local page = text and cjson.decode(text) or { incarnation }
    if page[1] ~= incarnation then page = { incarnation } end
    page[#page + 1] = { redis.call('INCR', prefix .. 'celerity:order'), ARGV[4] }
    while #page - 1 > tonumber(ARGV[5]) do table.remove(page, 2) end
    redis.call('HSET', prefix .. 'celerity:orders', ARGV[3], cjson.encode(page))
    redis.call('PUBLISH', prefix .. 'celerity:wake', 'o')
    return 1
    """)

  /// Orders after a number; those up to it are forgotten. Arguments: prefix; nothing; name; incarnation; number.
  static let next = RedisScript(
    "next orders",
    """
    local orders = ARGV[1] .. 'celerity:orders'
    local text = redis.call('HGET', orders, ARGV[3])
    local page = text and cjson.decode(text) or {}
    if page[1] ~= ARGV[4] then return {} end
    local rest, answer = { page[1] }, {}
    for i = 2, #page do
      if page[i][1] > tonumber(ARGV[5]) then
        rest[#rest + 1] = page[i]
        answer[#answer + 1] = page[i]
      end
    end
    if #rest == 1 then
      redis.call('HDEL', orders, ARGV[3])
    elseif #rest < #page then
      redis.call('HSET', orders, ARGV[3], cjson.encode(rest))
    end
    return answer
    """)

  private static let time = """
    local prefix = ARGV[1]
    local own = tonumber(ARGV[2])
    if not own then
      local time = redis.call('TIME')
      own = time[1] * 1000000 + time[2]
    end
    """
}
