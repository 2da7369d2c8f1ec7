import Foundation
import Testing

@testable import Finance

@Suite struct CompoundInterestTests {
  typealias Input = CompoundInterestCalculation.Input

  @Test(
    "S4.20: Ten thousand at five per cent give the known totals",
    arguments: [
      (Compounding.annual, 10_500.00), (.semiannual, 10_506.25), (.quarterly, 10_509.45), (.monthly, 10_511.62),
      (.daily, 10_512.67), (.continuous, 10_512.71),
    ])
  func knownTotals(compounding: Compounding, total: Double) throws {
    let output = try CompoundInterestCalculation.run(Input(amount: 10_000, rate: 0.05, compounding: compounding))
    #expect(output.total == total)
    #expect(output.interest == ((total - 10_000) * 100).rounded() / 100)
    #expect(output.periodsPerYear == compounding.periodsPerYear)
    #expect(output.calculationType == "compound_interest")
  }

  @Test func `the amount and the rate alone mean monthly for a year`() throws {
    let output = try CompoundInterestCalculation.run(Input(amount: 10_000, rate: 0.05))
    #expect(output.total == 10_511.62)
    #expect(output.interest == 511.62)
    #expect(output.compounding == .monthly)
    #expect(output.periodsPerYear == 12)
    #expect(abs(output.effectiveAnnualRate - 0.051161897881733) < 1e-14)
    #expect(output.schedule == [.init(year: 1, balance: 10_511.62, accumulatedInterest: 511.62)])
  }

  @Test func `periods without a name are used as they are`() throws {
    let output = try CompoundInterestCalculation.run(Input(amount: 10_000, rate: 0.05, periods: 52))
    #expect(output.total == 10_512.46)
    #expect(output.compounding == nil)
    #expect(output.periodsPerYear == 52)
  }

  @Test func `a named convention goes before periods and is reported`() throws {
    let output = try CompoundInterestCalculation.run(
      Input(amount: 10_000, rate: 0.05, periods: 12, compounding: .annual))
    #expect(output.total == 10_500)
    #expect(output.periodsPerYear == 1)
  }

  @Test func `no rate earns nothing`() throws {
    let output = try CompoundInterestCalculation.run(Input(amount: 1_234.56, rate: 0, years: 30))
    #expect(output.total == 1_234.56)
    #expect(output.interest == 0)
    #expect(output.effectiveAnnualRate == 0)
  }

  @Test func `a tiny rate keeps its digits`() throws {
    let output = try CompoundInterestCalculation.run(Input(amount: 1, rate: 1e-12, compounding: .daily))
    #expect(abs(output.effectiveAnnualRate / 1e-12 - 1) < 1e-11)
  }

  @Test func `the schedule has a line a year and one for the rest`() throws {
    let output = try CompoundInterestCalculation.run(
      Input(amount: 1_000, rate: 0.1, years: 2.5, compounding: .annual))
    #expect(output.schedule.map(\.year) == [1, 2, 2.5])
    #expect(output.schedule.map(\.balance) == [1_100, 1_210, 1_269.06])
    #expect(output.schedule.last?.balance == output.total)
  }

  @Test(
    "The schedule stays within a hundred lines", arguments: [0.25, 1, 99, 99.5, 100, 100.5, 101, 250, 999.5, 1_000])
  func boundedSchedule(years: Double) throws {
    let output = try CompoundInterestCalculation.run(Input(amount: 1, rate: 0.01, years: years))
    let times = output.schedule.map(\.year)
    #expect((1...100).contains(times.count))
    #expect(times.last == years)
    #expect(times.count >= min(50, Int(years)))
    #expect(zip(times, times.dropFirst()).allSatisfy(<))
  }

  @Test func `a balance beyond all numbers is an error`() {
    let input = Input(amount: 1e12, rate: 1, years: 1_000, compounding: .continuous)
    let error = #expect(throws: FinanceError.self) { try CompoundInterestCalculation.run(input) }
    #expect(error?.code == .overflow)
    #expect(error?.field.pointer == "/years")
  }

  @Test func `a balance too large for cents is still finite`() throws {
    let output = try CompoundInterestCalculation.run(Input(amount: 1e12, rate: 1, years: 600))
    #expect(output.total.isFinite)
    #expect(output.total > 1e200)
  }
}
