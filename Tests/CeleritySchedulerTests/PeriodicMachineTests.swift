import CelerityCron
import CelerityRoutes
import CelerityTesting
import Testing

@Suite("Which slot fires")
struct PeriodicMachineTests {
  private let every10 = Schedule.interval(seconds: 10)

  @Test("An interval counts from when it was first seen, and that moment itself is no slot")
  func interval() {
    var machine = PeriodicMachine(every10, since: 1003, seen: 1003)
    #expect(machine.due(every10, at: 1003) == nil)
    #expect(machine.due(every10, at: 1012) == nil)
    #expect(machine.next(every10, after: 1003) == 1013)
    #expect(machine.due(every10, at: 1013) == 1013)
    #expect(machine.due(every10, at: 1022) == 1013)
    machine.fired(1013)
    #expect(machine.due(every10, at: 1022) == nil)
    #expect(machine.next(every10, after: 1014) == 1023)
  }

  @Test("After a time without a scheduler the latest missed slot fires, once")
  func misfire() {
    var machine = PeriodicMachine(every10, since: 0, seen: 0)
    #expect(machine.due(every10, at: 3605) == 3600)
    machine.fired(3600)
    #expect(machine.due(every10, at: 3609) == nil)
    #expect(machine.due(every10, at: 3610) == 3610)
  }

  @Test("A schedule that was made a moment ago counts from there; one that was made long ago counts from now")
  func fresh() {
    #expect(PeriodicMachine(every10, since: 940, seen: 1000).due(every10, at: 1000) == 1000)
    #expect(PeriodicMachine(every10, since: 940, seen: 1000).last == 940)
    #expect(PeriodicMachine(every10, since: 939, seen: 1000).last == 1000)
    #expect(PeriodicMachine(every10, since: 1001, seen: 1000).last == 1000)
    #expect(PeriodicMachine(every10, since: .min, seen: .min).last == .min)
    #expect(PeriodicMachine(every10, since: .max, seen: .min).last == .min)
  }

  @Test("Nothing fires at or before the moment from which a schedule is active, unless that moment makes no sense")
  func since() {
    var machine = PeriodicMachine(every10, since: 0, seen: 0)
    #expect(machine.due(every10, at: 3605, since: 3600) == nil)
    #expect(machine.due(every10, at: 3605, since: 3599) == 3600)
    #expect(machine.next(every10, after: 3605, since: 4000) == 4010)
    machine.fired(3600)
    #expect(machine.lastFired == 3600)
    #expect(machine.due(every10, at: 3610, since: 3610 + 86_400) == nil)
    #expect(machine.due(every10, at: 3610, since: 3610 + 86_401) == 3610)
    #expect(machine.next(every10, after: 3600, since: .max) == 3610)
  }

  @Test("A clock that goes back fires nothing again, and does not wait for slots that are past")
  func backwards() {
    var machine = PeriodicMachine(every10, since: 0, seen: 0)
    machine.fired(1000)
    #expect(machine.due(every10, at: 400) == nil)
    #expect(machine.next(every10, after: 400) == 1010)
    machine.fired(990)  // an older leader's word takes nothing back
    #expect(machine.last == 1000)
  }

  @Test("A moment that was past when it was first seen never fires; one to come fires once, also late")
  func once() {
    let moment = Schedule.once(at: 500)
    #expect(PeriodicMachine(moment, since: 501, seen: 501).due(moment, at: 10_000) == nil)
    var machine = PeriodicMachine(moment, since: 499, seen: 499)
    #expect(machine.due(moment, at: 10_000) == 500)
    machine.fired(500)
    #expect(machine.due(moment, at: 10_001) == nil)
    #expect(machine.next(moment, after: 10_001) == nil)
  }

  @Test("What is remembered holds for the same schedule, and for a clock that is at most a day behind")
  func holds() {
    var machine = PeriodicMachine(every10, since: 1_000_000, seen: 1_000_000)
    machine.fired(1_000_100)
    #expect(machine.holds(for: every10, at: 1_000_100 - 86_400))
    #expect(!machine.holds(for: every10, at: 1_000_100 - 86_401))
    #expect(!machine.holds(for: .interval(seconds: 20), at: 1_000_100))
    #expect(machine.holds(for: every10, at: .max))
    #expect(!machine.holds(for: every10, at: .min))
  }

  @Test(
    "Whatever the wall clock does, slots only ever grow, none is in the future, and a due one is never left",
    arguments: 0..<50)
  func anyClock(seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    let schedules = [
      Schedule.interval(seconds: Int64(1 + random.below(100))), try Schedule("*/5 * * * *"), try Schedule("@hourly"),
    ]
    let schedule = schedules[random.below(schedules.count)]
    var now: Int64 = 1_795_237_200
    var machine = PeriodicMachine(schedule, since: now, seen: now)
    var last = now
    for _ in 0..<500 {
      now += Int64(random.oneIn(10) ? random.below(15_000) - 5000 : random.below(60))
      if let slot = machine.due(schedule, at: now) {
        #expect(slot > last && slot <= now)
        machine.fired(slot)
        last = slot
      }
      #expect(machine.due(schedule, at: now) == nil)
      if let next = machine.next(schedule, after: now) { #expect(next > now && next > last) }
    }
    #expect(last > 1_795_237_200)
  }
}
