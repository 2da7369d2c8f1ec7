/// Random numbers that a seed repeats: splitmix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators").
public struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// The sequence of a seed.
  public init(seed: UInt64) {
    state = seed
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension SeededRandom {
  /// `true` once in so many times.
  public mutating func oneIn(_ times: Int) -> Bool { below(times) == 0 }

  /// A number from 0 up to a bound.
  public mutating func below(_ bound: Int) -> Int {
    bound <= 1 ? 0 : Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// One of several; `nil` when there are none.
  public mutating func pick<Choices: RandomAccessCollection>(_ choices: Choices) -> Choices.Element? {
    guard !choices.isEmpty else { return nil }
    return choices[choices.index(choices.startIndex, offsetBy: below(choices.count))]
  }
}
