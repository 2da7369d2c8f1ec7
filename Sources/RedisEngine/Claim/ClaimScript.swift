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
    \(ManyValues.functions)
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

    local claims = tonumber(redis.call('GET', prefix .. 'celerity:claims') or '0')
    -- From which lists, each as often as it is its turn. A key of a queue's name that is no list is another program's.
    local suffixes = { '', '\\6\\0223', '\\6\\0226', '\\6\\0229' }
    local lists, turns = {}, {}
    local function list(i, s)
      local key = prefix .. queues[i].text .. suffixes[s]
      -- By its key: who asks for a queue twice must not count its messages twice.
      if not lists[key] then
        local length = queues[i].paused and 0 or redis.pcall('LLEN', key)
        lists[key] = { queue = queues[i], key = key, length = type(length) == 'number' and length or 0, taken = 0, given = 0 }
      end
      return lists[key]
    end
    while #turns < limit do
      local chosen
      for s = 1, 4 do
        local step = (claims % every == every - 1) and 5 - s or s
        for i = 0, #queues - 1 do
          local candidate = list((i + claims) % #queues + 1, step)
          if candidate.taken < candidate.length then
            chosen = candidate
            break
          end
        end
        if chosen then break end
      end
      if not chosen then break end
      claims = claims + 1
      chosen.taken = chosen.taken + 1
      turns[#turns + 1] = chosen
    end
    if #turns == 0 then return answer end
    for _, from in pairs(lists) do
      if from.taken > 0 then from.messages = redis.call('RPOP', from.key, from.taken) end
    end

    local function look(member)
      return redis.pcall('HMGET', prefix .. 'celerity:task:' .. member, 'w', 'm', 'r', 'p', 'u')
    end
    local token = redis.call('INCRBY', prefix .. 'celerity:seq', #turns) - #turns
    local filed, index, leases, counts = {}, {}, {}, {}
    local begun = {}
    for _, from in ipairs(turns) do
      from.given = from.given + 1
      local message, queue = from.messages[from.given], from.queue
      token = token + 1
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
      local tag = 'celerity:' .. member .. ':' .. number(token)
      local claim = { 'foreign', queue.text, number(token), message, id, '', '' }
      -- A message may stand twice: the first of them begins.
      if id ~= '' and fields[1] == '1' and fields[2] == message and not begun[member] then
        begun[member] = fields[5] or ''
        claim[1], claim[6], claim[7] = 'own', fields[3], fields[4]
      end
      answer[#answer + 1] = claim
      filed[#filed + 1], filed[#filed + 2] = tag, '[' .. message .. ',"",' .. cjson.encode(queue.text) .. ']'
      index[#index + 1], index[#index + 2] = number(server / 1000000), tag
      leases[#leases + 1], leases[#leases + 2] = deadline, tag
      counts[queue.text] = (counts[queue.text] or 0) + 1
    end
    -- Filed before anything else: whatever happens behind this, no message is lost.
    many('HSET', prefix .. 'unacked', filed)
    many('ZADD', prefix .. 'unacked_index', index)
    many('ZADD', prefix .. 'celerity:lease', leases)
    for queue, count in pairs(counts) do redis.call('HINCRBY', prefix .. 'celerity:leased', queue, count) end

    local started, feed, members = {}, {}, {}
    for k = 5, #answer do
      local claim = answer[k]
      if claim[1] == 'own' then
        local queue, own = turns[k - 4].queue, claim[3]
        local member = queue.tenant .. '/' .. claim[5]
        local record = prefix .. 'celerity:task:' .. member
        local unique = begun[member]
        redis.call('HSET', record, 's', own, 't', own, 'w', '', 'l', own .. '|' .. number(wall) .. '|' .. worker)
        if unique ~= '' then
          if redis.pcall('GET', unique) == claim[5] then redis.call('DEL', unique) end
          redis.call('HSET', record, 'u', '')
        end
        feed[#feed + 1], feed[#feed + 2] = own, member
        members[#members + 1] = member
        started[#started + 1] = 'STARTED ' .. string.gsub(member, '\\n', '\\0')
      end
    end
    many('ZADD', prefix .. 'celerity:feed', feed)
    many('ZREM', prefix .. 'celerity:expiring', members)
    redis.call('SET', prefix .. 'celerity:claims', claims)
    if #started > 0 then
      redis.call('PUBLISH', prefix .. 'celerity:changes', feed[#feed - 1] .. '\\n' .. table.concat(started, '\\n'))
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
