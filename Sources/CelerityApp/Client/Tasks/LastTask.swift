import CelerityJSON
import Synchronization

/// What a stream last told of a task.
final class LastTask: Sendable {
  private let value = Mutex<RawJSON?>(nil)

  init() {}

  /// The task, once something was told.
  var task: RawJSON? {
    get { value.withLock { $0 } }
    set { value.withLock { $0 = newValue } }
  }
}
