import Testing

@testable import Finance

@Suite struct RandomNumberTests {
  @Test func `splitmix64 gives the numbers of its reference`() {
    var source = SplitMix64(seed: 1_234_567)
    let numbers = (0..<4).map { _ in source.next() }
    #expect(
      numbers == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
      ])
  }

  @Test func `xoshiro256** gives the numbers of its reference`() {
    var source = Xoshiro256StarStar(state: (1, 2, 3, 4))
    let numbers = (0..<6).map { _ in source.next() }
    #expect(
      numbers == [
        11_520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360, 607_988_272_756_665_600,
      ])
  }

  /// The expected state is that of the step's 256 × 256 bit matrix, squared 128 times.
  @Test func `a jump is two to the power of 128 steps`() {
    var source = Xoshiro256StarStar(state: (1, 2, 3, 4))
    source.jump()
    let expected = Xoshiro256StarStar(
      state: (0x8c7a_1539_56b5_f3d1, 0x701f_1a71_3401_d85e, 0x6527_f66a_6546_9085, 0x8386_b786_c440_8050))
    #expect(source == expected)
  }

  @Test func `uniform numbers stay inside the open unit interval`() {
    for step in [UInt64.min, 1, UInt64.max - 1, UInt64.max] {
      let unit = (Double(step >> 12) + 0.5) * 0x1p-52
      #expect(unit > 0 && unit < 1)
    }
    var source = Xoshiro256StarStar(seed: 3)
    for _ in 0..<10_000 {
      let unit = source.nextOpenUnit()
      #expect(unit > 0 && unit < 1)
    }
  }

  @Test(
    "The quantile agrees with published values",
    arguments: [
      (0.25, -0.6744897501960817), (0.001, -3.090232306167814), (1e-20, -9.262340089798408), (0.95, 1.6448536269514722),
      (0.975, 1.959963984540054), (0.5, 0),
    ])
  func quantile(probability: Double, value: Double) {
    #expect(abs(standardNormalQuantile(probability) - value) <= 1e-15 * max(1, 4 * abs(value)))
  }

  @Test func `the quantile undoes the distribution function`() {
    for step in 1..<400 {
      let x = -8 + 0.02 * Double(step)
      let back = standardNormalQuantile(standardNormalCDF(x))
      #expect(abs(back - x) < 1e-12 * max(1, abs(x)), "at \(x)")
    }
  }

  @Test func `normal numbers have the moments of the normal distribution`() {
    var source = Xoshiro256StarStar(seed: 20_240_229)
    let count = 200_000
    var powers = [0.0, 0.0, 0.0, 0.0]
    for _ in 0..<count {
      let z = source.nextNormal()
      var power = 1.0
      for k in 0..<4 {
        power *= z
        powers[k] += power / Double(count)
      }
    }
    // Four standard errors of each moment: √1, √2, √15 and √96 over √n.
    let error = 4 / Double(count).squareRoot()
    #expect(abs(powers[0]) < error)
    #expect(abs(powers[1] - 1) < 1.42 * error)
    #expect(abs(powers[2]) < 3.88 * error)
    #expect(abs(powers[3] - 3) < 9.8 * error)
  }

  @Test func `normal numbers fill equal shares of the line equally`() {
    var source = Xoshiro256StarStar(seed: 7)
    let bins = 50
    let count = 100_000
    let edges = (1..<bins).map { standardNormalQuantile(Double($0) / Double(bins)) }
    var hits = Array(repeating: 0, count: bins)
    for _ in 0..<count {
      let z = source.nextNormal()
      hits[edges.firstIndex { z < $0 } ?? bins - 1] += 1
    }
    let expected = Double(count) / Double(bins)
    let chiSquare = hits.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    // The 0.1 % and 99.9 % points of chi-square with 49 degrees of freedom.
    #expect((24.0...85.4).contains(chiSquare))
  }

  @Test func `streams a jump apart are uncorrelated`() {
    var first = Xoshiro256StarStar(seed: 11)
    var second = first
    second.jump()
    let count = 50_000
    let sum = (0..<count).reduce(0.0) { sum, _ in sum + first.nextNormal() * second.nextNormal() }
    #expect(abs(sum / Double(count)) < 4 / Double(count).squareRoot())
  }
}
