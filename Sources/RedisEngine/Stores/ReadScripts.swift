import RESPClient

/// Reads records as they stand at one moment, each with the end of its lease: a hash alone does not tell it.
///
/// A record is answered as `member, score, s, r, m, p, l, end of the lease`. A script ends early when it has read enough bytes,
/// so that none keeps the server busy for long.
enum ReadScripts {
  /// The function that reads one record: its answer, and how many bytes it has.
  private static let reading = """
    local prefix = ARGV[1]
    local function read(member, score)
      local f = redis.call('HMGET', prefix .. 'celerity:task:' .. member, 's', 'r', 'm', 'p', 'l', 't')
      if not f[1] or not f[2] or not f[3] then return nil, 0 end
      local deadline = ''
      if f[6] and f[6] ~= '' then
        deadline = redis.call('ZSCORE', prefix .. 'celerity:lease', 'celerity:' .. member .. ':' .. f[6]) or ''
      end
      return { member, score, f[1], f[2], f[3], f[4], f[5], deadline }, #f[2] + #f[3]
    end
    """

  /// Looks up tasks. Arguments: prefix; bytes; tasks. Answers for each task its record, or until when its id is remembered as
  /// gone, or nothing; fewer than were asked for when the bytes are used up, one at least.
  static let lookUp = RedisScript(
    "look up",
    """
    \(reading)
    local answer = {}
    local bytes = 0
    for i = 3, #ARGV do
      local row, size = read(ARGV[i], '')
      answer[#answer + 1] = row or redis.call('GET', prefix .. 'celerity:gone:' .. ARGV[i]) or ''
      bytes = bytes + size
      if bytes >= tonumber(ARGV[2]) then break end
    end
    return answer
    """)

  /// Walks through a tenant's tasks, the newest first. Arguments: prefix; bytes; the set; where to begin; how many to pass over;
  /// how many to look at; the states that are wanted, between spaces, or nothing.
  ///
  /// Answers the position of the last one looked at, empty when there are no more, then the records that are in such a state.
  static let walk = RedisScript(
    "walk",
    """
    \(reading)
    local count = tonumber(ARGV[6])
    local members = redis.call(
      'ZREVRANGEBYSCORE', ARGV[3], ARGV[4], '-inf', 'WITHSCORES', 'LIMIT', ARGV[5], ARGV[6])
    local answer = { '' }
    local bytes = 0
    local last = ''
    for i = 1, #members, 2 do
      last = members[i + 1]
      local row, size = read(members[i], last)
      if row and ARGV[7] ~= '' then
        local state = string.match(row[4], '^{"state":"(%u+)"')
        if row[7] and row[7] ~= '' then state = 'STARTED' end
        if not string.find(ARGV[7], ' ' .. (state or '') .. ' ', 1, true) then row = nil end
      end
      if row then
        answer[#answer + 1] = row
        bytes = bytes + size
        if bytes >= tonumber(ARGV[2]) then
          answer[1] = last
          return answer
        end
      end
    end
    if #members == count * 2 then answer[1] = last end
    return answer
    """)

  /// Walks through what changed, in order. Arguments: prefix; bytes; the change to begin after; the last change to look at, or
  /// nothing for the last there is; how many to look at; what tasks must begin with.
  ///
  /// Answers the last change there is, the highest one whose record was forgotten, the last one looked at, empty when there are no
  /// more, then records.
  static let feed = RedisScript(
    "feed",
    """
    \(reading)
    local top = redis.call('GET', prefix .. 'celerity:seq') or '0'
    local answer = { top, redis.call('GET', prefix .. 'celerity:forgotten') or '0', '' }
    local count = tonumber(ARGV[5])
    local members = redis.call(
      'ZRANGEBYSCORE', prefix .. 'celerity:feed', '(' .. ARGV[3], ARGV[4] == '' and top or ARGV[4], 'WITHSCORES',
      'LIMIT', 0, ARGV[5])
    local bytes = 0
    for i = 1, #members, 2 do
      local member, last = members[i], members[i + 1]
      if string.sub(member, 1, #ARGV[6]) == ARGV[6] then
        local row, size = read(member, last)
        if row then
          answer[#answer + 1] = row
          bytes = bytes + size
          if bytes >= tonumber(ARGV[2]) then
            answer[3] = last
            return answer
          end
        end
      end
    end
    if #members == count * 2 then answer[3] = members[#members] end
    return answer
    """)

  /// About how many bytes one script reads at most.
  static let bytes = 1 << 20
  /// How many tasks one script looks at at most.
  static let tasks = 500
}
