public import CelerityCore

/// Which of the waiting tasks of the queues that a fetch names goes first. Stores differ in it; what all keep: urgent work
/// first, first come first served among equals, nothing starves.
public enum ClaimOrder: Sendable, Hashable {
  /// By rank over all queues: waiting makes up for priority.
  case ranks(PriorityRank)
  /// As kombu orders lists on Redis: by steps of three priorities, first in first out within a queue's step, the queues in turn;
  /// every k-th claim begins with the lowest step. An absent priority is in the first step, as it is on the wire.
  case steps(every: Int)

  /// kombu's step of a priority.
  static func step(of priority: Priority?) -> Int64 {
    guard let priority else { return 0 }
    return Int64((9 - priority.value) / 3 * 3)
  }

  /// Steps, the most urgent first.
  static let allSteps: [Int64] = [0, 3, 6, 9]
  /// Where the step stands in a rank; below it, the number of the moment at which the task became ready.
  static let stepShift: Int64 = 48
}

extension StoreModel {
  /// The rank of a task that becomes ready now.
  mutating func nextRank(_ priority: Priority?, at moment: Moment) -> Int64 {
    switch claimOrder {
    case .ranks(let ranks): return ranks.rank(ready: moment.storeTime, priority: priority)
    case .steps:
      readied += 1
      return ClaimOrder.step(of: priority) << ClaimOrder.stepShift | readied
    }
  }

  /// The task that goes next where lists by step are looked at in turn.
  mutating func nextBySteps(in names: [String], every: Int) -> Int? {
    let tenants = seenTenants.union([.default]).sorted()
    let candidates = names.flatMap { name in tenants.map { QueueKey(name, tenant: $0) } }
    let isReversed = claims % every == every - 1
    for step in isReversed ? ClaimOrder.allSteps.reversed() : ClaimOrder.allSteps {
      for index in candidates.indices {
        let key = candidates[(index + claims) % candidates.count]
        guard let queue = queueStates[key], !queue.isPaused, let place = first(of: step, in: queue) else { continue }
        claims += 1
        return place.slot
      }
    }
    return nil
  }

  /// The oldest of the tasks that go next, each of its step.
  func oldestBySteps(_ queue: QueueState) -> Timestamp? {
    ClaimOrder.allSteps.compactMap { first(of: $0, in: queue).map { rows[$0.slot].record.created } }.min()
  }

  private func first(of step: Int64, in queue: QueueState) -> Place? {
    let start = Place(order: step << ClaimOrder.stepShift, position: 0, slot: 0)
    guard let place = queue.ready.next(after: start), place.order >> ClaimOrder.stepShift == step else { return nil }
    return place
  }
}
