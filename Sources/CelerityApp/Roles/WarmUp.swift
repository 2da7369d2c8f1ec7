import CelerityCore
import CelerityTasks
import ServiceLifecycle

/// Has the tasks that a worker takes make ready what their runs need: a while after the start, so that neither that nor a
/// process that soon ends pays for it.
struct WarmUp: Service, CustomStringConvertible {
  static let delay = Duration.seconds(5)

  let tasks: [any TaskDefinition]
  let resources: ServiceResources

  /// Of these tasks those whose queue is among those taken.
  init(_ tasks: [any TaskDefinition], queues: [String], resources: ServiceResources) {
    self.tasks = tasks.filter { queues.contains(type(of: $0).options.queue) }
    self.resources = resources
  }

  func run() async throws {
    await cancelWhenGracefulShutdown { await warm() }
    try? await gracefulShutdown()
  }

  /// One task after the other, so that a core is left for those that run.
  func warm() async {
    guard (try? await resources.time.sleep(for: Self.delay)) != nil else { return }
    for task in tasks where !Task.isCancelled { await task.warmUp(resources) }
  }

  /// Its name in log lines of the lifecycle.
  var description: String { "what makes tasks ready" }
}
