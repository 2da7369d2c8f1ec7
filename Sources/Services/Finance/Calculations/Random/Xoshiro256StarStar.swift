/// Blackman and Vigna's xoshiro256** ("Scrambled linear pseudorandom number generators", 2021): period 2²⁵⁶ − 1,
/// state filled by `SplitMix64` as its authors advise.
///
/// It is for simulation only; whoever sees a few outputs can tell the rest.
struct Xoshiro256StarStar: RandomNumberGenerator, Equatable {
  private(set) var state: (UInt64, UInt64, UInt64, UInt64)

  init(seed: UInt64) {
    var source = SplitMix64(seed: seed)
    state = (source.next(), source.next(), source.next(), source.next())
  }

  /// Starts from a full state, at least one word of which is not zero.
  init(state: (UInt64, UInt64, UInt64, UInt64)) { self.state = state }

  mutating func next() -> UInt64 {
    let product = state.1 &* 5
    let output = ((product << 7) | (product >> 57)) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = (state.3 << 45) | (state.3 >> 19)
    return output
  }

  /// Moves ahead by 2¹²⁸ numbers, so that what comes before and after are streams that never meet in practice.
  mutating func jump() {
    // The polynomial x^(2¹²⁸) modulo the generator's characteristic one, as published with it.
    let polynomial: [UInt64] = [
      0x180e_c6d3_3cfd_0aba, 0xd5a6_1266_f0c9_392c, 0xa958_2618_e03f_c9aa, 0x39ab_dc45_29b1_661c,
    ]
    var sum: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    for word in polynomial {
      for bit in 0..<64 {
        if word & (1 << UInt64(bit)) != 0 {
          sum = (sum.0 ^ state.0, sum.1 ^ state.1, sum.2 ^ state.2, sum.3 ^ state.3)
        }
        _ = next()
      }
    }
    state = sum
  }

  /// The next number strictly between 0 and 1, one of 2⁵² midpoints; with 53 bits the last one would round to 1.
  mutating func nextOpenUnit() -> Double { (Double(next() >> 12) + 0.5) * 0x1p-52 }

  /// The next standard normal number, by inversion: each takes exactly one number of the stream.
  mutating func nextNormal() -> Double { standardNormalQuantile(nextOpenUnit()) }

  static func == (a: Self, b: Self) -> Bool { a.state == b.state }
}
