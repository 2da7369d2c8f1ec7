import CelerityCore

/// What a stream of all tasks has told its client, and what it tells next. No clock and no I/O: `FeedStream` reports the
/// events and does the effects.
struct FeedSubscription: StreamSubscription {
  /// What happens to a stream.
  enum Event: Sendable {
    case opened
    /// Changes after `position` were read, of which these are wanted; all up to `next` were looked at. `gap` says that
    /// some before `next` are gone for good.
    case read([FeedItem], next: ChangeNumber, gap: Bool)
    /// A sign of life is due.
    case silent
  }

  static let opened = Event.opened
  static let silent = Event.silent

  /// Ends with its reader alone.
  let isOver = false
  /// All changes up to this one were looked at.
  private(set) var position: ChangeNumber
  /// From where the client would go on.
  private var known: ChangeNumber?
  /// The place the client asked for, when the store has never been there.
  private let strayed: ChangeNumber?
  private var isInGap = false

  /// A stream that goes on after a change, or begins at the last one there is. A client whose place lies behind that has
  /// seen another store, one that was restored from a copy since: what it missed is not to be told.
  init(after asked: ChangeNumber?, last: ChangeNumber) {
    strayed = asked.flatMap { $0 > last ? $0 : nil }
    position = strayed == nil ? asked ?? last : last
  }

  /// Takes note of an event; says what is to be done.
  mutating func on(_ event: Event) -> [StreamEffect] {
    switch event {
    case .opened:
      var hello = ServerSentEvent(comment: "connected", retry: StreamTerms.retryMilliseconds)
      hello.id = place()
      return [.send(hello)] + (strayed.map { [Self.gap(after: $0)] } ?? [])
    case .read(let items, let next, let gap):
      let isNew = gap && !isInGap
      isInGap = gap
      let lost = isNew ? [Self.gap(after: position)] : []
      position = max(position, next)
      if let last = items.last { known = last.seq }
      return lost + items.map { .sendEncoded($0.event) }
    case .silent:
      return [.send(ServerSentEvent(comment: "heartbeat", id: known == position ? nil : place()))]
    }
  }

  /// The place to go on from, for a block that has no event.
  private mutating func place() -> String {
    known = position
    return StreamPosition(seq: position).text
  }

  private static func gap(after seq: ChangeNumber) -> StreamEffect {
    .send(ServerSentEvent("gap", json: Array(#"{"after":\#(seq)}"#.utf8)))
  }
}

/// What all streams have in common on the wire.
enum StreamTerms {
  static let retryMilliseconds = 2000

  /// Said to clients that are connected when the gateway stops.
  static let farewell = ServerSentEvent("shutdown", json: Array(#"{"reason":"shutting-down"}"#.utf8)).encoded

  /// `X-Accel-Buffering` keeps nginx from gathering events before it passes them on.
  static let headers = [("Cache-Control", "no-store"), ("X-Accel-Buffering", "no")]
}
