import CelerityCore

/// What is known of a user.
struct UserRow: Codable, Sendable, Hashable {
  var userID: String
  /// Messages that workers have begun to analyse; each counts once.
  var messages: Int
  /// RFC 3339.
  var firstSeen: String
  var lastSeen: String
  var alerts: Counts

  /// Alerts by kind.
  struct Counts: Codable, Sendable, Hashable {
    var incorrectInput = 0
    var personalData = 0
    var fraudAttempt = 0

    enum CodingKeys: String, CodingKey {
      case incorrectInput = "incorrect_input"
      case personalData = "personal_data"
      case fraudAttempt = "fraud_attempt"
    }

    mutating func count(_ kind: AlertKind) {
      switch kind {
      case .incorrectInput: incorrectInput += 1
      case .personalData: personalData += 1
      case .fraudAttempt: fraudAttempt += 1
      }
    }
  }

  /// A user who is seen for the first time.
  init(_ id: String, at time: String) {
    userID = id
    messages = 0
    firstSeen = time
    lastSeen = time
    alerts = Counts()
  }

  /// Notes that the user was there at a time. Times are all of one form, so their texts sort as they do.
  mutating func see(at time: String) {
    firstSeen = min(firstSeen, time)
    lastSeen = max(lastSeen, time)
  }

  enum CodingKeys: String, CodingKey {
    case userID = "user_id"
    case messages
    case firstSeen = "first_seen"
    case lastSeen = "last_seen"
    case alerts
  }
}

extension Shelf {
  /// A user; `nil` when there is none of this id.
  func user(_ id: String) async throws(EngineError) -> UserRow? {
    try await read(UserRow.self, .user, NamePart.user(id))?.value
  }

  /// Counts a message for its user, once however often it is called.
  func count(_ row: MessageRow) async throws(EngineError) {
    guard let user = row.userID else { return }
    let mark = try put(.counted, row.taskID, true, expecting: 0)
    try await changeUser(user, at: row.receivedAt, once: mark, with: []) { $0.messages += 1 }
  }

  /// Changes a user's row together with other writes, once: what is marked by `mark` is done already. Whether it was done
  /// now.
  @discardableResult
  func changeUser(
    _ id: String, at time: String, once mark: DocumentWrite, with writes: [DocumentWrite],
    _ change: (inout UserRow) -> Void
  ) async throws(EngineError) -> Bool {
    let name = NamePart.user(id)
    for _ in 0..<Self.writeAttempts {
      let found = try await read(UserRow.self, .user, name)
      var row = found?.value ?? UserRow(id, at: time)
      row.see(at: time)
      change(&row)
      let own = try put(.user, name, row, expecting: found?.version ?? 0)
      switch try await documents.write([mark, own] + writes) {
      case .written: return true
      case .conflict(let key, _) where key == mark.key: return false
      case .conflict: continue
      }
    }
    throw EngineError(.unavailable, "the row of a user is being changed by others all the time")
  }
}
