public import CelerityCore

/// The newest log lines of a task.
struct LogTail: Sendable {
  private(set) var lines: [TaskLogLine] = []
  private var last: Int64 = 0

  mutating func append(_ line: TaskLogLine) {
    last += 1
    var line = line
    line.number = last
    line.text = line.keptText
    lines.append(line)
    if lines.count > TaskLogLine.keptLines { lines.removeFirst(lines.count - TaskLogLine.keptLines) }
  }
}

extension StoreModel {
  /// `ProgressStore.report`.
  public mutating func report(_ reports: [ProgressReport], at moment: Moment) -> [Bool] {
    reports.map { report in
      guard let slot = reportingSlot(report.key, token: report.token) else { return false }
      // The token was just checked.
      try? apply(.progressed(report.value, token: report.token), to: slot, at: moment)
      return true
    }
  }

  /// `ProgressStore.append`; lines of tasks that are not known are dropped.
  public mutating func append(_ lines: [TaskLogLine]) {
    for line in lines {
      guard let slot = slots[line.key] else { continue }
      rows[slot].log.append(line)
      if effects.logged.last != line.key { effects.logged.append(line.key) }
    }
  }

  /// `ProgressStore.logs`.
  public func logs(of key: TaskKey, after number: Int64, limit: Int) -> [TaskLogLine] {
    guard let slot = slots[key] else { return [] }
    return Array(rows[slot].log.lines.lazy.filter { $0.number > number }.prefix(max(1, limit)))
  }

  /// `StepStore.steps`, by name.
  public func steps(of key: TaskKey, generation: Int) -> [StepResult] {
    guard let slot = slots[key], let steps = rows[slot].steps[generation] else { return [] }
    return steps.sorted { $0.key < $1.key }.map(\.value)
  }

  /// `StepStore.save`.
  public mutating func save(_ step: StepResult, for key: TaskKey, token: Int64) -> Bool {
    guard let slot = reportingSlot(key, token: token) else { return false }
    keep(step, slot)
    return true
  }

  /// The slot of a lease that still holds; counts a report that comes too late.
  private mutating func reportingSlot(_ key: TaskKey, token: Int64) -> Int? {
    let slot = leasedSlot(key, token: token)
    if slot == nil { counters.staleReports += 1 }
    return slot
  }
}
