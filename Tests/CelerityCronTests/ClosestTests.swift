import Testing

@testable import CelerityCron

@Suite("The closest name")
struct ClosestTests {
  @Test(
    "one slip is found, whatever its kind",
    arguments: ["@dialy", "@dail", "@daiily", "@dairy", "@DAILY", "daily"])
  func slips(word: String) {
    #expect(closest(to: word, among: ["@hourly", "@daily", "@weekly"]) == "@daily")
  }

  @Test("more than a slip has no answer", arguments: ["", "@", "@fortnightly", "@dddddddd", "weekday"])
  func noAnswer(word: String) {
    #expect(closest(to: word, among: ["@hourly", "@daily", "@weekly"]) == nil)
  }

  @Test("the nearest of several wins, and the first of equals")
  func nearest() {
    #expect(closest(to: "america/new_yrk", among: ["America/New_Salem", "America/New_York"]) == "America/New_York")
    #expect(closest(to: "mot", among: ["mon", "mop"]) == "mon")
    #expect(closest(to: "mon", among: ["mop", "mon"]) == "mon")
  }

  /// The definition, without a table: the best of all edits at the first place.
  private func slowDistance(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Int {
    guard let first = left.first, let other = right.first else { return max(left.count, right.count) }
    let (shorter, shorterOther) = (left.dropFirst(), right.dropFirst())
    if first == other { return slowDistance(shorter, shorterOther) }
    var best = min(
      slowDistance(shorter, shorterOther), slowDistance(shorter, right), slowDistance(left, shorterOther))
    if shorter.first == other, shorterOther.first == first {
      best = min(best, slowDistance(shorter.dropFirst(), shorterOther.dropFirst()))
    }
    return best + 1
  }

  @Test("an answer is given exactly when the edits are few enough")
  func agreesWithDefinition() {
    var generator = SeededGenerator(seed: 0xCE1E_0007)
    func word() -> String {
      let letters = (0..<Int.random(in: 3...7, using: &generator)).map { _ in
        Character(["a", "b", "c"].randomElement(using: &generator) ?? "a")
      }
      return String(letters)
    }
    var answers = 0
    for _ in 0..<3_000 {
      let (left, right) = (word(), word())
      let distance = slowDistance(Array(left.utf8)[...], Array(right.utf8)[...])
      let isClose = distance <= max(1, left.utf8.count / 3)
      #expect((closest(to: left, among: [right]) != nil) == isClose, "\(left) \(right)")
      answers += isClose ? 1 : 0
    }
    #expect(answers > 100)
  }
}
