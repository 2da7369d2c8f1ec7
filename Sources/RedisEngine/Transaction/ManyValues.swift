/// The function of scripts that gives a command any number of values: Lua's stack has no room for some eight thousand, and
/// most values come in pairs.
enum ManyValues {
  static let function = """
    local function many(command, key, values)
      for from = 1, #values, 1000 do
        redis.call(command, key, unpack(values, from, math.min(from + 999, #values)))
      end
    end
    """
}
