import CelerityCore
import NIOHTTP1

/// When a request is sent once more, and after how long.
enum RepeatRule {
  /// How often anything is sent.
  static let attempts = 3

  /// After a connection that broke.
  static func pause(_ error: TransportError, _ request: GatewayRequest, _ attempt: Int) -> Duration? {
    guard case .broken = error, request.isRepeatable, attempt < attempts else { return nil }
    return .milliseconds(100 << attempt)
  }

  /// After an answer that asks for patience: only short patience, a person is waiting.
  static func pause(
    _ answer: GatewayAnswer, _ problem: ClientError, _ request: GatewayRequest, _ attempt: Int
  ) -> Duration? {
    // The connection broke, and the gateway is still busy with the first of the two requests.
    if request.isRepeatable, attempt < attempts, problem.code == "idempotency-key-in-use" {
      return .milliseconds(250 << attempt)
    }
    guard request.isRepeatable, attempt < attempts, [429, 503].contains(answer.status) else { return nil }
    guard let asked = answer.headers.first(name: "retry-after").flatMap({ Double($0) }) else {
      return .milliseconds(250 << attempt)
    }
    return asked <= 5 ? Duration(clientSeconds: max(0.1, asked)) : nil
  }
}
