import Testing

@testable import Finance

@Suite struct OptionPricingTests {
  typealias Input = OptionPricingCalculation.Input

  static let environment = SimulationEnvironment(seed: 1)

  private func option(
    _ type: OptionPricingCalculation.OptionType, simulations: Int = 100_000, seed: UInt64? = nil
  ) -> Input {
    Input(
      spotPrice: 100, strikePrice: 105, volatility: 0.25, riskFreeRate: 0.05, timeToMaturity: 1, optionType: type,
      simulations: simulations, seed: seed)
  }

  @Test(
    "S4.22: The closed form gives the known prices",
    arguments: [
      (OptionPricingCalculation.OptionType.call, 10.0022), (.put, 9.8813),
    ])
  func closedForm(type: OptionPricingCalculation.OptionType, price: Double) {
    #expect(abs(blackScholesPrice(option(type)) - price) < 5e-5)
  }

  @Test(
    "S4.22: The simulation comes near the known prices",
    arguments: [
      (OptionPricingCalculation.OptionType.call, 10.0022), (.put, 9.8813),
    ])
  func knownPrices(type: OptionPricingCalculation.OptionType, price: Double) throws {
    let output = try OptionPricingCalculation.run(option(type, seed: 12), in: Self.environment)
    #expect(abs(output.optionPrice - price) < 4 * output.standardError)
    #expect(output.standardError < 0.05)
    #expect(output.simulations == 100_000)
    #expect(output.blackScholesPrice == blackScholesPrice(option(type)))
    #expect(output.confidenceInterval.count == 2)
    #expect(abs(output.confidenceInterval[1] - output.optionPrice - 1.959964 * output.standardError) < 1e-6)
    #expect(abs(output.optionPrice - output.confidenceInterval[0] - 1.959964 * output.standardError) < 1e-6)
  }

  @Test(
    "S4.22: The interval covers the exact price in about 95 % of runs",
    arguments: OptionPricingCalculation.OptionType.allCases
  )
  func coverage(type: OptionPricingCalculation.OptionType) throws {
    let exact = blackScholesPrice(option(type))
    let covered = try (0..<200).count { run in
      let output = try OptionPricingCalculation.run(
        option(type, simulations: 2_000, seed: UInt64(run)), in: Self.environment)
      return output.confidenceInterval[0] <= exact && exact <= output.confidenceInterval[1]
    }
    #expect((180...198).contains(covered), "\(covered) of 200")
  }

  @Test func `the standard error is the spread of repeated runs`() throws {
    let outputs = try (0..<200).map { run in
      try OptionPricingCalculation.run(
        option(.call, simulations: 2_000, seed: 1_000 + UInt64(run)), in: Self.environment)
    }
    let prices = outputs.map(\.optionPrice)
    let mean = prices.reduce(0, +) / 200
    let spread = (prices.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 199).squareRoot()
    let claimed = outputs.reduce(0) { $0 + $1.standardError } / 200
    #expect((0.85...1.15).contains(claimed / spread))
  }

  @Test func `antithetic pairs are worth more than independent paths`() throws {
    let output = try OptionPricingCalculation.run(option(.call, seed: 3), in: Self.environment)
    // The payoff's own deviation is 16.8 here; √100,000 independent paths would leave 0.053.
    #expect(output.standardError < 0.045)
  }

  @Test("Threads do not change a digit", arguments: [1, 2, 5])
  func threads(count: Int) throws {
    let input = option(.put, simulations: 70_001, seed: 5)
    let serial = try OptionPricingCalculation.run(input, in: Self.environment)
    let environment = SimulationEnvironment(seed: 2, runner: ThreadedChunkRunner(threads: count))
    #expect(try OptionPricingCalculation.run(input, in: environment) == serial)
    #expect(serial.simulations == 70_002)
  }

  @Test func `call and put are at parity on the same paths`() throws {
    let call = try OptionPricingCalculation.run(option(.call, seed: 6), in: Self.environment)
    let put = try OptionPricingCalculation.run(option(.put, seed: 6), in: Self.environment)
    let forward = blackScholesPrice(option(.call)) - blackScholesPrice(option(.put))
    #expect(abs(call.optionPrice - put.optionPrice - forward) < 0.1)
  }

  @Test(
    "Extreme options have finite prices",
    arguments: [
      (1e-300, 1e12, 10, 1, 100), (1e12, 1e-300, 10, -1, 100), (1e12, 1e12, 10, 1, 100), (100, 100, 1e-300, 0, 1e-300),
      (.leastNonzeroMagnitude, .leastNonzeroMagnitude, 1e-9, 0.05, 1), (100, 50, 1e-200, 0.05, 1e-300),
    ] as [(Double, Double, Double, Double, Double)])
  func extremes(spot: Double, strike: Double, volatility: Double, rate: Double, years: Double) throws {
    for type in OptionPricingCalculation.OptionType.allCases {
      let input = Input(
        spotPrice: spot, strikePrice: strike, volatility: volatility, riskFreeRate: rate, timeToMaturity: years,
        optionType: type, simulations: 1_000, seed: 1)
      let output = try OptionPricingCalculation.run(input, in: Self.environment)
      for number in [output.optionPrice, output.standardError, output.blackScholesPrice] + output.confidenceInterval {
        #expect(number.isFinite)
      }
    }
  }

  @Test func `an option without risk is worth what it surely pays`() {
    let input = Input(spotPrice: 100, strikePrice: 50, volatility: 1e-200, riskFreeRate: 0, timeToMaturity: 1e-300)
    #expect(blackScholesPrice(input) == 50)
  }

  @Test func `a pricing asked to stop ends`() {
    let environment = SimulationEnvironment(seed: 1, shouldStop: { true })
    #expect(throws: CancellationError.self) { try OptionPricingCalculation.run(option(.call), in: environment) }
  }
}
