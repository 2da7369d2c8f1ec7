import Testing

@testable import CelerityApp

@Suite("The number of slots against the machine")
struct SlotChoiceTests {
  @Test("S1.63: Up to four slots a core are as they should be, more are warned of")
  func bound() {
    #expect(SlotChoice(asked: 8, cores: 2).warning == nil)
    #expect(SlotChoice(asked: 9, cores: 2).warning?.contains("four a core") == true)
  }

  @Test("Without a number there is one slot a core, on a machine of any size")
  func automatic() {
    for cores in [1, 2, 96] {
      let slots = SlotChoice(asked: 0, cores: cores)
      #expect(slots.count == cores)
      #expect(slots.warning == nil)
    }
  }
}
