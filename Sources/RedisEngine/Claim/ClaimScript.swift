import RESPClient

/// Takes messages out of queues, files them as unacknowledged under tags of our own and leases them, in one step: there is
/// no moment in which the death of anybody loses a message.
///
/// Arguments: prefix; most claims; worker; lease in microseconds; wall time and store time, or empty for the server's; every
/// how many claims the lowest step goes first; the names of queues.
///
/// Which list a claim looks at first: steps in kombu's order, the most urgent first, at every k-th claim the other way round;
/// within a step the queues in turn, beginning with another one at each claim.
///
/// Answers wall time, store time, the leases' end, the paused queues, then for each claim: whether its record tells of this very message,
/// the queue, the token, the message, the id, and of the record `r` and `p`.
enum ClaimScript {
  static let script = RedisScript(
    "claim",
    """
    local prefix, limit, worker, lease = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
    local time = redis.call('TIME')
    local server = time[1] * 1000000 + time[2]
    local wall = ARGV[5] == '' and server or tonumber(ARGV[5])
    local own = ARGV[6] == '' and server or tonumber(ARGV[6])
    local every = tonumber(ARGV[7])
    local function number(n) return string.format('%.0f', n) end
    local deadline = number(own + lease)
    local pauses = {}
    local answer = { number(wall), number(own), deadline, pauses }

    local tenants = redis.call('SMEMBERS', prefix .. 'celerity:tenants')
    local known = false
    for _, tenant in ipairs(tenants) do known = known or tenant == 'default' end
    if not known then tenants[#tenants + 1] = 'default' end
    table.sort(tenants)
    local queues = {}
    for i = 8, #ARGV do
      for _, tenant in ipairs(tenants) do
        local text = tenant == 'default' and ARGV[i] or (tenant .. '/' .. ARGV[i])
        local paused = redis.call('SISMEMBER', prefix .. 'celerity:paused', text) == 1
        if paused then pauses[#pauses + 1] = text end
        queues[#queues + 1] = { text = text, tenant = tenant, paused = paused }
      end
    end
    if #queues == 0 or limit < 1 then return answer end
    -- Redis does not undo what a script has done: what can't be filed must not be taken.
    local types = {
      unacked = 'hash', unacked_index = 'zset', ['celerity:lease'] = 'zset', ['celerity:leased'] = 'hash',
      ['celerity:feed'] = 'zset', ['celerity:expiring'] = 'zset', ['celerity:seq'] = 'string' }
    for name, kind in pairs(types) do
      local found = redis.call('TYPE', prefix .. name)['ok']
      if found ~= 'none' and found ~= kind then
        return redis.error_reply('WRONGTYPE the key ' .. prefix .. name .. ' holds a ' .. found)
      end
    end

    local function look(member)
      return redis.pcall('HMGET', prefix .. 'celerity:task:' .. member, 'w', 'm', 'r', 'p', 'u')
    end
    local suffixes = { '', '\\6\\0223', '\\6\\0226', '\\6\\0229' }
    local claims = tonumber(redis.call('GET', prefix .. 'celerity:claims') or '0')
    local started = {}
    local last = 0
    while #answer - 4 < limit do
      local message, queue
      for s = 1, 4 do
        local suffix = suffixes[(claims % every == every - 1) and 5 - s or s]
        for i = 0, #queues - 1 do
          local candidate = queues[(i + claims) % #queues + 1]
          if not candidate.paused then
            -- A key of the queue's name that is no list is another program's.
            message = redis.pcall('RPOP', prefix .. candidate.text .. suffix)
            if type(message) ~= 'string' then message = nil end
            if message then
              queue = candidate
              break
            end
          end
        end
        if message then break end
      end
      if not message then break end
      claims = claims + 1
      local token = number(redis.call('INCR', prefix .. 'celerity:seq'))
      -- A message of our own stands in the record of its id; only what does not must be decoded, which takes longer.
      local guess = string.match(message, '"correlation_id": ?"([^"]+)"') or ''
      local id, fields = guess, guess ~= '' and look(queue.tenant .. '/' .. guess) or {}
      if fields[2] ~= message then
        id = ''
        local ok, envelope = pcall(cjson.decode, message)
        if ok and type(envelope) == 'table' and type(envelope.headers) == 'table'
          and type(envelope.headers.id) == 'string' then id = envelope.headers.id end
        if id ~= guess then fields = id ~= '' and look(queue.tenant .. '/' .. id) or {} end
      end
      local member = queue.tenant .. '/' .. id
      local record = prefix .. 'celerity:task:' .. member
      local tag = 'celerity:' .. member .. ':' .. token
      local kind, state, position = 'foreign', '', ''
      if id ~= '' then
        if fields[1] == '1' and fields[2] == message then
          kind, state, position = 'own', fields[3], fields[4]
          redis.call('HSET', record, 's', token, 't', token, 'w', '', 'l', token .. '|' .. number(wall) .. '|' .. worker)
          redis.call('ZADD', prefix .. 'celerity:feed', token, member)
          redis.call('ZREM', prefix .. 'celerity:expiring', member)
          if fields[5] and fields[5] ~= '' then
            if redis.call('GET', fields[5]) == id then redis.call('DEL', fields[5]) end
            redis.call('HSET', record, 'u', '')
          end
          started[#started + 1] = 'STARTED ' .. string.gsub(member, '\\n', '\\0')
          last = token
        end
      end
      redis.call('HSET', prefix .. 'unacked', tag, '[' .. message .. ',"",' .. cjson.encode(queue.text) .. ']')
      redis.call('ZADD', prefix .. 'unacked_index', number(server / 1000000), tag)
      redis.call('ZADD', prefix .. 'celerity:lease', deadline, tag)
      redis.call('HINCRBY', prefix .. 'celerity:leased', queue.text, 1)
      answer[#answer + 1] = { kind, queue.text, token, message, id, state, position }
    end
    if #answer > 4 then redis.call('SET', prefix .. 'celerity:claims', claims) end
    if #started > 0 then
      redis.call('PUBLISH', prefix .. 'celerity:changes', last .. '\\n' .. table.concat(started, '\\n'))
    end
    return answer
    """)
}

/// Prolongs leases, and tells of each whether it still holds and whether the task should end.
///
/// Arguments: prefix; store time or empty; then task, token and lease in microseconds for each. Python's peers honour the score
/// that is moved in `unacked_index`.
enum ExtendScript {
  static let script = RedisScript(
    "extend",
    """
    local prefix = ARGV[1]
    local time = redis.call('TIME')
    local server = time[1] * 1000000 + time[2]
    local own = ARGV[2] == '' and server or tonumber(ARGV[2])
    local answer = {}
    for i = 3, #ARGV, 3 do
      local member, token = ARGV[i], ARGV[i + 1]
      local fields = redis.call('HMGET', prefix .. 'celerity:task:' .. member, 't', 'c')
      if fields[1] == token then
        local deadline = string.format('%.0f', own + tonumber(ARGV[i + 2]))
        local tag = 'celerity:' .. member .. ':' .. token
        redis.call('ZADD', prefix .. 'celerity:lease', 'XX', deadline, tag)
        redis.call('ZADD', prefix .. 'unacked_index', 'XX', string.format('%.0f', server / 1000000), tag)
        answer[#answer + 1] = { deadline, fields[2] == '1' and 1 or 0 }
      else
        answer[#answer + 1] = 0
      end
    end
    return answer
    """)
}
