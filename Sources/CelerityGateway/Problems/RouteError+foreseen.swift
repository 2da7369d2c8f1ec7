import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension RouteError {
  /// An error of the parts behind the gateway as a client may see it; `nil` for one that nobody foresaw.
  init?(foreseen error: any Error) {
    switch error {
    case let error as RouteError: self = error
    case let error as ArgumentError: self.init(arguments: error)
    case let error as JSONError: self.init(malformed: error)
    case let error as EngineError: self.init(engine: error)
    case is CancellationError:
      self.init(
        503, "shutting-down", "the gateway is stopping", hint: "ask again in a moment", headers: [("Retry-After", "2")])
    default: return nil
    }
  }
}
