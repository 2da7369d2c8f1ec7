/// The functions of scripts that give commands any number of values: Lua's stack has no room for some eight thousand, and
/// most values come in pairs.
enum ManyValues {
  static let functions = """
    local function inParts(values, use)
      for from = 1, #values, 1000 do use(from, math.min(from + 999, #values)) end
    end
    local function many(command, key, values)
      inParts(values, function(from, to) redis.call(command, key, unpack(values, from, to)) end)
    end
    """
}
