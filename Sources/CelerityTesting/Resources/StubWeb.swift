public import CelerityCore
import Synchronization

/// The outside world as a test writes it: answers from a script, and what was asked for.
public final class StubWeb: WebClient {
  /// Answers a request.
  public typealias Answer = @Sendable (WebRequest) throws(WebError) -> WebResponse

  private struct State {
    var requests: [WebRequest] = []
    var script: [Result<WebResponse, WebError>]
  }

  private let state: Mutex<State>
  private let answer: Answer

  /// A world that answers requests in the order of a script, and is out of reach when that has ended.
  public init(_ script: [Result<WebResponse, WebError>] = []) {
    state = Mutex(State(script: script))
    answer = { (_) throws(WebError) in throw WebError(.unreachable, "no answer is scripted for this request") }
  }

  /// A world that answers each request by looking at it.
  public init(answering answer: @escaping Answer) {
    state = Mutex(State(script: []))
    self.answer = answer
  }

  public func send(_ request: WebRequest) async throws(WebError) -> WebResponse {
    let scripted = state.withLock { state -> Result<WebResponse, WebError>? in
      state.requests.append(request)
      return state.script.isEmpty ? nil : state.script.removeFirst()
    }
    let response = if let scripted { try scripted.get() } else { try answer(request) }
    guard response.body.count <= request.answerLimit else {
      throw WebError(.tooLong, "the answer is longer than \(request.answerLimit) bytes")
    }
    return response
  }

  /// What was asked for, in order.
  public var requests: [WebRequest] { state.withLock { $0.requests } }

  /// Adds an answer to the script.
  public func then(_ result: Result<WebResponse, WebError>) { state.withLock { $0.script.append(result) } }
}
