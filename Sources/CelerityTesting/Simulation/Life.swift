import CelerityCore
import CelerityJSON

/// What the checker knows of a task from the answers it saw, without asking the store's own books.
struct Life: Sendable {
  var state: TaskState
  var phase: TaskPhase
  var generation = 0
  var token: Int64?
  /// Limit of retries that the workers of the simulation obey.
  var maxRetries: Int
  var group: TaskMessage.GroupMembership?
  var unique: UniqueKey?
  /// Over all generations.
  var deliveries = 0
  var releases = 0
  /// In this generation.
  var deliveriesNow = 0
  var releasesNow = 0
  var retriesNow = 0
  var lossesNow = 0
  /// The record as it ended in this generation: nothing of it may change.
  var end: TaskRecord?

  init(_ record: TaskRecord) {
    state = record.state
    phase = record.phase
    maxRetries = record.message.extras.maxRetries ?? 0
    group = record.message.extras.group
    if record.phase == .finished { end = record }
  }

  mutating func beginGeneration() {
    generation += 1
    deliveriesNow = 0
    releasesNow = 0
    retriesNow = 0
    lossesNow = 0
    end = nil
    token = nil
  }
}

/// A chord as its client declared it.
struct ChordLife: Sendable {
  struct End: Sendable {
    var index: Int
    var id: TaskID
    var state: TaskState
    var result: RawJSON?
  }

  var body: TaskKey
  var size: Int
  var passesResults: Bool
  /// The first end of each member.
  var ends: [TaskID: End] = [:]

  /// The arguments the body must get when all members succeeded.
  func arguments(own: [RawJSON]) -> RawJSON {
    guard passesResults else { return .array(own) }
    let results = ends.values.sorted { ($0.index, $0.id) < ($1.index, $1.id) }.map { $0.result ?? .null }
    return .array([.array(results)] + own)
  }
}

/// What one event did, as its answers say.
struct Happening: Sendable {
  struct Commit: Sendable {
    var token: Int64
    var state: TaskState
    var outcome: Outcome
  }

  var accepted: [TaskKey: Submission] = [:]
  /// Tasks that may appear because of a commit.
  var followUps: [TaskKey: Submission] = [:]
  var deliveries: [TaskKey: Delivery] = [:]
  var commits: [TaskKey: Commit] = [:]
  var redriven: Set<TaskKey> = []
  /// How many tasks the store said it forgot.
  var forgotten = 0
}
