import RESPClient

/// Hands an answer to the client that waits for it, if it still does: into the queue that is bound to the reply exchange
/// under the client's key. An answer to a client that has gone is dropped: nobody would ever take away the list.
///
/// Arguments: prefix, exchange, key, envelope, milliseconds after which the list may go.
enum ReplyScript {
  static let script = RedisScript(
    "reply",
    """
    local separator = '\\6\\22'
    local bindings = ARGV[1] .. '_kombu.binding.' .. ARGV[2]
    local queue = ARGV[3] .. '.' .. ARGV[2]
    if redis.call('SISMEMBER', bindings, ARGV[3] .. separator .. separator .. queue) == 0 then
      queue = nil
      local start = ARGV[3] .. separator
      for _, member in ipairs(redis.call('SMEMBERS', bindings)) do
        if string.sub(member, 1, #start) == start then
          queue = string.match(member, separator .. '([^\\6]*)$')
        end
      end
    end
    if not queue then return 0 end
    redis.call('LPUSH', ARGV[1] .. queue, ARGV[4])
    redis.call('PEXPIRE', ARGV[1] .. queue, ARGV[5])
    return 1
    """)
}

/// Notes tasks as revoked that no record tells of, as Celery's workers do: only where no result is known, or one of a task
/// that does not run.
///
/// Arguments: seconds to keep it, 0 for ever; then key and value for each.
enum RevokedMetaScript {
  static let script = RedisScript(
    "revoked-meta",
    """
    local open = { PENDING = true, RECEIVED = true, RETRY = true, REJECTED = true }
    local done = 0
    for i = 2, #ARGV, 2 do
      local known = redis.call('GET', ARGV[i])
      local write = not known
      if known then
        local ok, meta = pcall(cjson.decode, known)
        write = ok and type(meta) == 'table' and open[meta.status] or false
      end
      if write then
        if ARGV[1] == '0' then
          redis.call('SET', ARGV[i], ARGV[i + 1])
        else
          redis.call('SETEX', ARGV[i], ARGV[1], ARGV[i + 1])
        end
        redis.call('PUBLISH', ARGV[i], ARGV[i + 1])
        done = done + 1
      end
    end
    return done
    """)
}
