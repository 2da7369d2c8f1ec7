/// Results of named steps inside a task: a step that is stored is not done again, whatever happens to the attempt.
/// They live with the task's generation and are forgotten with its record.
public protocol StepStore: Sendable {
  /// Steps stored for a task's generation, by name.
  func steps(of key: TaskKey, generation: Int) async throws(EngineError) -> [StepResult]

  /// Stores a step durably. The first value of a name stays; `false` where the lease is lost.
  func save(_ step: StepResult, for key: TaskKey, token: Int64) async throws(EngineError) -> Bool
}
