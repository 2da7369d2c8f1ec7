import CelerityRoutes
import CelerityTasks

/// The tasks of `Tests/Celery/wapp.py` in Swift, with the same names, arguments, results and failures: a client of Python's
/// must not be able to tell which of the two answered.
struct WireApp: ServiceDefinition {
  static let name = "wapp"

  /// Where Celery's clients send what names no queue.
  static let queue = "celery"

  var tasks: [any TaskDefinition] {
    [
      Add(), Multiply(), DeepSum(), Identity(), Echo(), NoResult(),
      Fail(), FailAfter(), FailCustom(), FailStrange(), RaiseReject(), Errback(),
      Sleepy(), SlowAdd(), Patient(), RetryThen(), RetryPlain(),
      Spawn(), WhoAmI(), Replace(), ReplaceChain(), ReplaceGroup(), ReplaceWith(),
    ]
  }
}
