import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

/// The service's own HTTP API, with the paths, bodies and errors its documentation promises.
struct FinanceRoutes {
  /// Names of the service's tasks.
  let tasks: Set<String>
  let estimate = WaitEstimate()
  let tally: TaskTally
  let connections: Connections

  /// The API of a service with tasks of these names.
  init(tasks: Set<String>) {
    self.tasks = tasks
    tally = TaskTally(tasks: tasks)
    connections = Connections(queue: FinanceService.queue)
  }

  var all: [Route] {
    ["/tasks", "/api/v1/tasks"].flatMap { path in
      let suffix = path == "/tasks" ? "" : "_v1"
      return [
        submit(path, "finance_submit\(suffix)"), list(path, "finance_tasks\(suffix)"),
        show(path, "finance_task\(suffix)"),
      ]
    } + [health]
  }
}
