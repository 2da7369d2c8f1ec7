public import CelerityJSON

/// Elections of Celery's gossip: every worker that hears of one stands for it and acknowledges each candidate; once as many
/// acknowledgements came as workers are alive, the candidate with the lowest clock has won and does what was asked.
///
/// A worker must either do both, stand and acknowledge, or nothing: acknowledgements without candidates crash Python's
/// workers. So candidates of an election that this worker does not stand for are not acknowledged.
public struct ElectionBook: Sendable, Hashable {
  private struct Candidate: Sendable, Hashable {
    var clock: Int64
    var name: String
    var topic: String
    var action: RawJSON
  }

  private struct Poll: Sendable, Hashable {
    var candidates: [Candidate] = []
    var acknowledgements = 0
  }

  /// What an election came to.
  public struct Result: Sendable, Hashable {
    /// `<hostname>.<pid>` of who won.
    public var winner: String
    public var topic: String
    public var action: RawJSON
  }

  /// Elections that nobody ends are forgotten when there are more.
  private static let mostPolls = 100
  private var polls: [String: Poll] = [:]
  private var order: [String] = []

  /// No elections.
  public init() {}

  /// This worker stands for an election; `false` when it does already.
  public mutating func stand(for id: String) -> Bool {
    guard polls[id] == nil else { return false }
    polls[id] = Poll()
    order.append(id)
    if order.count > Self.mostPolls { polls[order.removeFirst()] = nil }
    return true
  }

  /// A candidate was heard of, this worker among them; whether to acknowledge it.
  public mutating func hear(_ vote: HeardEvent.Vote, from name: String) -> Bool {
    guard case .candidate(let id, let clock, let topic, let action) = vote, polls[id] != nil else { return false }
    polls[id]?.candidates.append(Candidate(clock: clock, name: name, topic: topic, action: action))
    return true
  }

  /// An acknowledgement was heard; the result once they are enough.
  public mutating func acknowledge(_ id: String, alive: Int) -> Result? {
    guard var poll = polls[id] else { return nil }
    poll.acknowledgements += 1
    polls[id] = poll
    guard poll.acknowledgements >= max(1, alive),
      let winner = poll.candidates.min(by: { ($0.clock, $0.name) < ($1.clock, $1.name) })
    else { return nil }
    polls[id] = nil
    order.removeAll { $0 == id }
    return Result(winner: winner.name, topic: winner.topic, action: winner.action)
  }
}
