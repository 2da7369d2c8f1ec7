import RESPClient

/// A task's log is a list, a line `number [attempt, time, level, text]`; the number of the last one is where the next begins.
enum LogScripts {
  /// Adds lines and announces them. Arguments: prefix; most lines to keep; then for each task its name, how many lines, the lines
  /// without their numbers.
  static let append = RedisScript(
    "append to logs",
    """
    local prefix, most = ARGV[1], tonumber(ARGV[2])
    local logged = {}
    local at = 3
    while at <= #ARGV do
      local member, count = ARGV[at], tonumber(ARGV[at + 1])
      if redis.call('EXISTS', prefix .. 'celerity:task:' .. member) == 1 then
        local log = prefix .. 'celerity:log:' .. member
        local last = redis.call('LINDEX', log, -1)
        local number = last and tonumber(string.match(last, '^%d+')) or 0
        for i = 1, count do
          redis.call('RPUSH', log, string.format('%.0f ', number + i) .. ARGV[at + 1 + i])
        end
        redis.call('LTRIM', log, -most, -1)
        logged[#logged + 1] = '+ ' .. string.gsub(member, '\\n', '\\0')
      end
      at = at + 2 + count
    end
    if #logged > 0 then
      local seq = redis.call('GET', prefix .. 'celerity:seq') or '0'
      redis.call('PUBLISH', prefix .. 'celerity:changes', seq .. '\\n' .. table.concat(logged, '\\n'))
    end
    """)

  /// Lines after a number. Arguments: the list; the number; how many.
  static let read = RedisScript(
    "read a log",
    """
    local first = redis.call('LINDEX', ARGV[1], 0)
    if not first then return {} end
    local start = tonumber(ARGV[2]) + 1 - tonumber(string.match(first, '^%d+'))
    if start < 0 then start = 0 end
    if start >= redis.call('LLEN', ARGV[1]) then return {} end
    return redis.call('LRANGE', ARGV[1], start, start + math.min(tonumber(ARGV[3]), 100000) - 1)
    """)
}
