import RESPClient

/// Documents in Redis, by collection (`tenant/collection`):
///
/// - `celerity:documents:<collection>` a hash, `{"version":…,"updated":…,"value":…}` by name
/// - `celerity:names:<collection>` a sorted set of the names, all with one score, so that it is in the order of their bytes
enum DocumentScripts {
  /// Writes documents, all or none. Arguments: prefix; wall time or empty; then for each its collection, name, the version that
  /// must be there or nothing, whether there is a value, the value.
  ///
  /// Answers 1 and the versions, or 0, the number of the write whose condition failed, and the version that is there.
  static let write = RedisScript(
    "write documents",
    """
    local prefix = ARGV[1]
    local wall = ARGV[2]
    if wall == '' then
      local time = redis.call('TIME')
      wall = string.format('%.0f', time[1] * 1000000 + time[2])
    end
    local function version(i)
      local text = redis.call('HGET', prefix .. 'celerity:documents:' .. ARGV[i], ARGV[i + 1])
      return text and tonumber(string.match(text, '^{"version":(%d+)')) or 0
    end
    for i = 3, #ARGV, 5 do
      if ARGV[i + 2] ~= '' then
        local found = version(i)
        if found ~= tonumber(ARGV[i + 2]) then return { 0, (i - 3) / 5, found } end
      end
    end
    local answer = { 1 }
    for i = 3, #ARGV, 5 do
      local documents, names = prefix .. 'celerity:documents:' .. ARGV[i], prefix .. 'celerity:names:' .. ARGV[i]
      if ARGV[i + 3] == '1' then
        local new = version(i) + 1
        local head = '{"version":' .. string.format('%.0f', new) .. ',"updated":' .. wall .. ',"value":'
        redis.call('HSET', documents, ARGV[i + 1], head .. ARGV[i + 4] .. '}')
        redis.call('ZADD', names, 0, ARGV[i + 1])
        answer[#answer + 1] = new
      else
        redis.call('HDEL', documents, ARGV[i + 1])
        redis.call('ZREM', names, ARGV[i + 1])
        answer[#answer + 1] = 0
      end
    end
    return answer
    """)

  /// Lists documents. Arguments: the hash; the set; from which name; up to which; how many. Answers names and documents in turn.
  static let list = RedisScript(
    "list documents",
    """
    local answer = {}
    for _, name in ipairs(redis.call('ZRANGEBYLEX', ARGV[2], ARGV[3], ARGV[4], 'LIMIT', 0, ARGV[5])) do
      answer[#answer + 1] = name
      answer[#answer + 1] = redis.call('HGET', ARGV[1], name)
    end
    return answer
    """)
}
