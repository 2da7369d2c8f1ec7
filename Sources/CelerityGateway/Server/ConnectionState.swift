/// What a connection is doing and what follows from what happens on it. No clock and no I/O: `ConnectionGuard` reports
/// the events and does the effects.
struct ConnectionState: Sendable, Hashable {
  /// What happens on a connection.
  enum Event: Sendable, Hashable {
    /// Bytes arrived; whether they completed a part of a request, which was reported before.
    case bytesRead(completedPart: Bool)
    /// A request begins; whether the client wants the connection to end after it.
    case headRead(isLast: Bool)
    case requestEnded
    /// An answer begins; whether it is the connection's last, and whether it may take as long as it likes.
    case responseStarted(closes: Bool, isStream: Bool = false)
    case responseEnded
    case failed(ConnectionFault)
    case deadlinePassed
    /// The server stops.
    case quiesced
    case peerFinished
  }

  /// What is to be done.
  enum Effect: Sendable, Hashable {
    case startHeadDeadline
    case startBodyDeadline
    /// Less time for a body that is still arriving.
    case shortenBodyDeadline
    case cancelDeadline
    /// A stream that is not at its end in a moment is cut off: its client does not read.
    case startStreamDeadline
    /// The reader of the body gets this error.
    case failBody(ConnectionFault)
    /// This is written, because no route will.
    case answer(ConnectionFault)
    /// No more is written; what still arrives is thrown away for a while, then the connection is closed.
    case linger
    /// Once everything has been taken.
    case close
    /// Whatever has not been taken.
    case cutOff
  }

  private enum Reading: Sendable, Hashable {
    case idle
    /// Part of a head has arrived.
    case head
    case body
  }

  private enum Ending: Sendable, Hashable {
    case open
    /// With the answer being written, which says so.
    case withThisAnswer
    /// After the answers that are due, and one to the fault when no route will answer it.
    case afterAnswers(ConnectionFault?)
    case lingering
  }

  private var reading = Reading.idle
  private var ending = Ending.open
  private var hasDeadline = false
  private var hasLastRequest = false
  private var isStreaming = false
  private var isQuiesced = false
  /// Requests without a complete answer.
  private(set) var unanswered = 0

  /// Whether parts that arrive are still of interest.
  var isOpen: Bool { ending == .open }

  /// Whether the answer to the oldest request that has none is the connection's last.
  var isNextAnswerLast: Bool { hasLastRequest && unanswered == 1 }

  /// Takes note of an event; says what is to be done.
  mutating func on(_ event: Event) -> [Effect] {
    switch event {
    case .bytesRead(let completedPart): return bytesRead(completedPart)
    case .headRead(let isLast):
      reading = .body
      unanswered += 1
      hasLastRequest = isLast
      return cancelDeadline()
    case .requestEnded:
      reading = .idle
      if hasLastRequest, ending == .open { ending = .afterAnswers(nil) }
      return cancelDeadline() + endIfDue()
    case .responseStarted(let closes, let isStream):
      if closes, ending == .open { ending = .withThisAnswer }
      isStreaming = isStream
      return isStream && isQuiesced ? [.startStreamDeadline] : []
    case .responseEnded:
      unanswered -= 1
      isStreaming = false
      let isLast = ending == .withThisAnswer || (ending == .open && hasLastRequest && unanswered == 0)
      return isLast ? startLingering() : endIfDue()
    case .failed(let fault): return failed(fault)
    case .deadlinePassed:
      hasDeadline = false
      return failed(reading == .body ? .slowBody : .slowHead)
    case .quiesced:
      isQuiesced = true
      if isStreaming { return [.startStreamDeadline] }
      return reading == .body && ending == .open ? [.shortenBodyDeadline] : []
    // Who says nothing more could still read, but a stream that nobody reads would never end.
    case .peerFinished:
      if isStreaming { return [.cutOff] }
      return ending == .lingering ? [.close] : []
    }
  }

  private mutating func bytesRead(_ completedPart: Bool) -> [Effect] {
    guard ending == .open, !hasDeadline else { return [] }
    switch reading {
    case .idle where completedPart: return []
    case .idle:
      reading = .head
      hasDeadline = true
      return [.startHeadDeadline]
    case .head: return []
    case .body:
      hasDeadline = true
      return [.startBodyDeadline]
    }
  }

  private mutating func failed(_ fault: ConnectionFault) -> [Effect] {
    guard ending == .open else { return [] }
    ending = .afterAnswers(reading == .body ? nil : fault)
    let cancelled = cancelDeadline()
    if reading == .body, unanswered > 0 { return cancelled + [.failBody(fault)] }
    return cancelled + endIfDue()
  }

  private mutating func endIfDue() -> [Effect] {
    guard case .afterAnswers(let fault) = ending, unanswered == 0 else { return [] }
    return (fault.map { [.answer($0)] } ?? []) + startLingering()
  }

  private mutating func startLingering() -> [Effect] {
    ending = .lingering
    return cancelDeadline() + [.linger]
  }

  private mutating func cancelDeadline() -> [Effect] {
    guard hasDeadline else { return [] }
    hasDeadline = false
    return [.cancelDeadline]
  }
}
