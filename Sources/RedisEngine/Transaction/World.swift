import CelerityCore
import CelerityJSON

/// What a verb may ask about. Whoever asks for something that is not loaded is run again when it is.
enum Entity: Hashable, Sendable {
  case task(TaskKey)
  case tombstone(TaskKey)
  case idempotency(ScopedName)
  case unique(ScopedName)
  /// How many tasks wait in a queue.
  case depth(QueueKey)
  /// A chord's counters and declaration.
  case group(ScopedName)
  /// Whether an end was counted: a member of `.d`.
  case counted(ScopedName, String)
  /// The ends that were counted.
  case parts(ScopedName)
  /// Whether a claim still stands, by its tag.
  case claim(String)
}

/// A verb asked for what was not loaded.
struct Missing: Error { var entities: Set<Entity> }

/// A request that was answered before, until a time of the store.
struct IdempotencyEntry: Sendable, Equatable {
  var fingerprint: [UInt8]
  var id: TaskID
  var until: StoreTime

  /// `until fingerprint id`, the fingerprint in hexadecimal.
  var text: String {
    var digits = ""
    for byte in fingerprint { digits += (byte < 16 ? "0" : "") + String(byte, radix: 16) }
    return "\(until.microseconds) \(digits) \(id.text)"
  }

  init(fingerprint: [UInt8], id: TaskID, until: StoreTime) {
    self.fingerprint = fingerprint
    self.id = id
    self.until = until
  }

  init?(_ text: String) {
    // By bytes: an id may begin with what joins the blank before it.
    let parts = text.utf8.split(separator: 32, maxSplits: 2, omittingEmptySubsequences: false).map(Substring.init)
    guard parts.count == 3, let until = Int64(parts[0]) else { return nil }
    let digits = Array(parts[1].utf8)
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count - digits.count % 2, by: 2) {
      guard let byte = UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) else { return nil }
      bytes.append(byte)
    }
    fingerprint = bytes
    id = TaskID(stored: String(parts[2]))
    self.until = StoreTime(microseconds: until)
  }
}

/// A chord as its counters tell.
struct GroupState: Sendable, Equatable {
  /// `.s`, as whoever published the members wrote it.
  var size: String?
  /// How many ends were counted: `.j`.
  var counted: Int
  /// `.t`: how many members were added later.
  var added: String?
  /// `.c`: who sends the body, or `done`.
  var claim: String?
  /// What our own stores declared; not among what is compared, because it never changes.
  var declaration: StoredDeclaration?

  /// How many ends it waits for.
  var wanted: Int? { size.flatMap { Int($0) }.map { $0 + (added.flatMap { Int($0) } ?? 0) } }
}

/// A group's declaration as it is stored beside Celery's counters.
struct StoredDeclaration: Sendable, Equatable {
  var body: [UInt8]
  var bodyQueue: String
  var bodyID: String
  var passesResults: Bool
}

/// An end that was counted: a member of `.j`.
struct ChordMember: Sendable, Equatable, Comparable {
  /// The place in the group, `+inf` where none is known.
  var score: Double
  /// `[1, id, state, result]`.
  var text: String

  static func < (a: ChordMember, b: ChordMember) -> Bool {
    a.score != b.score ? a.score < b.score : ByteText(a.text) < ByteText(b.text)
  }
}

/// The part of the store that a verb has looked at: each entry with its value, `nil` where there is nothing.
struct World: Sendable {
  var tasks: [TaskKey: TaskRow?] = [:]
  /// Until when an id is remembered as gone, as stored.
  var tombstones: [TaskKey: String?] = [:]
  var idempotency: [ScopedName: String?] = [:]
  var unique: [ScopedName: String?] = [:]
  var depths: [QueueKey: Int] = [:]
  /// Queues whose depth is a guess.
  var guessedDepths: Set<QueueKey> = []
  var groups: [ScopedName: GroupState] = [:]
  var counted: [ScopedName: [String: Bool]] = [:]
  var parts: [ScopedName: [ChordMember]] = [:]
  /// Claims that were taken back.
  var lostClaims: Set<String> = []
  /// Keys that hold something else than we would write there.
  var strangeKeys: Set<String> = []

  init() {}

  /// What is in it.
  var entities: Set<Entity> {
    var entities = Set(tasks.keys.map { Entity.task($0) })
    entities.formUnion(idempotency.keys.map { .idempotency($0) })
    entities.formUnion(unique.keys.map { .unique($0) })
    entities.formUnion(depths.keys.map { .depth($0) })
    entities.formUnion(groups.keys.map { .group($0) })
    entities.formUnion(tombstones.keys.map { .tombstone($0) })
    return entities
  }

  /// Forgets entries, so that they are loaded again.
  mutating func forget(_ entities: some Sequence<Entity>) {
    for entity in entities {
      switch entity {
      case .task(let key): tasks[key] = nil
      case .tombstone(let key): tombstones[key] = nil
      case .idempotency(let name): idempotency[name] = nil
      case .unique(let name): unique[name] = nil
      case .depth(let queue): depths[queue] = nil
      case .group(let name):
        groups[name] = nil
        counted[name] = nil
        parts[name] = nil
      case .counted(let name, _): counted[name] = nil
      case .parts(let name): parts[name] = nil
      case .claim(let tag): lostClaims.insert(tag)
      }
    }
  }
}
