public import CelerityCore

/// How kombu's Redis transport spreads a queue over lists: one for each step of priority.
///
/// On Redis 0 goes first, the other way round than on RabbitMQ and in `Priority`. A message keeps its priority of 0 to 9;
/// the list it waits in is that of the largest step not above it.
public enum KombuQueue {
  /// kombu's default `priority_steps`. Producers and workers must agree on them: nobody looks for a list of another step.
  public static let steps = [0, 3, 6, 9]

  /// Stands between a queue's name and the step (kombu's option `sep`).
  public static let separator = "\u{06}\u{16}"

  /// The priority on the wire: 0 where none was asked for, as kombu writes it.
  public static func wirePriority(_ priority: Priority?) -> Int { priority.map { 9 - $0.value } ?? 0 }

  /// The priority that a wire's priority stands for; 0 may mean that nobody asked, so it means nothing.
  public static func priority(_ wire: Int64) -> Priority? { wire == 0 ? nil : Priority(9 - clamped(wire)) }

  /// The step of a priority on the wire.
  public static func step(_ wire: Int) -> Int { steps.last { $0 <= wire } ?? 0 }

  /// The step of a task's list.
  public static func step(_ priority: Priority?) -> Int { step(wirePriority(priority)) }

  /// The list of a queue's step; step 0 has the queue's own name.
  public static func listKey(_ queue: String, _ step: Int) -> String {
    step == 0 ? queue : queue + separator + String(step)
  }

  /// The lists of a queue, the most urgent first.
  public static func listKeys(_ queue: String) -> [String] { steps.map { listKey(queue, $0) } }

  /// A queue's name on the wire. Celery knows no tenants, so the default one's queues are Celery's and all others' have the
  /// tenant in front; a queue's own name holds no `/`.
  public static func wireName(_ queue: QueueKey) -> String {
    queue.tenant == .default ? queue.name : queue.tenant.name + "/" + queue.name
  }

  /// The queue of a name on the wire.
  public static func queue(wireName name: String) -> QueueKey {
    guard let slash = name.utf8.firstIndex(of: UInt8(ascii: "/")), let tenant = Tenant(String(name[..<slash])) else {
      return QueueKey(name)
    }
    return QueueKey(String(name[name.utf8.index(after: slash)...]), tenant: tenant)
  }

  /// A member of kombu's binding sets: routing key, pattern, queue. The key of a queue on the exchange of its own name is its
  /// name.
  public static func binding(_ queue: String, key: String? = nil) -> String {
    (key ?? queue) + separator + separator + queue
  }

  static func clamped(_ wire: Int64) -> Int { Int(min(max(0, wire), 9)) }
}
