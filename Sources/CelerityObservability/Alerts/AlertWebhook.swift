public import CelerityCore
import CelerityJSON
public import Logging

/// Tells alerts to another server, each as JSON in a POST. Nobody waits for it; what waits is bounded, and what can't be told is
/// in the log.
public final class AlertWebhook: Sendable {
  private static let attempts = 4
  private let url: String
  private let web: any WebClient
  private let time: any TimeSource
  private let logger: Logger
  private let alerts: AsyncStream<Alert>
  private let entrance: AsyncStream<Alert>.Continuation

  /// A webhook; at most so many alerts wait to be told.
  public init(_ url: String, web: any WebClient, bound: Int = 1000, time: any TimeSource, logger: Logger) {
    self.url = url
    self.web = web
    self.time = time
    self.logger = logger
    (alerts, entrance) = AsyncStream.makeStream(of: Alert.self, bufferingPolicy: .bufferingOldest(bound))
  }

  /// Takes an alert; returns at once.
  func tell(_ alert: Alert) {
    if case .dropped = entrance.yield(alert) { lost(alert, "too many wait to be told") }
  }

  /// Takes no more; `run` returns when what waits has been told.
  public func close() { entrance.finish() }

  /// Tells alerts, one after the other, until it is closed or cancelled.
  public func run() async {
    for await alert in alerts { await send(alert) }
  }

  private func send(_ alert: Alert) async {
    let request = WebRequest(
      "POST", url, headers: [("Content-Type", "application/json")], body: alert.json.bytes, timeout: .seconds(10),
      answerLimit: 64 << 10)
    var pause = Duration.seconds(1)
    var reason = ""
    for attempt in 1...Self.attempts {
      do {
        let answer = try await web.send(request)
        if (200..<300).contains(answer.status) { return }
        reason = "it answered \(answer.status)"
        // What was wrong with the request stays wrong.
        guard answer.status >= 500 || answer.status == 429 else { break }
      } catch {
        reason = error.message
      }
      guard attempt < Self.attempts, (try? await time.sleep(for: pause)) != nil else { break }
      pause = pause * 3
    }
    lost(alert, reason)
  }

  private func lost(_ alert: Alert, _ reason: String) {
    logger.error(
      "an alert could not be told to the webhook", metadata: ["kind": "\(alert.kind)", "reason": "\(reason)"])
  }
}
