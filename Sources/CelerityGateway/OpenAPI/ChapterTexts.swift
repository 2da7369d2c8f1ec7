/// What the chapters of the API are about, in the order in which a newcomer reads them.
enum ChapterTexts {
  private static let table: [(name: String, about: String)] = [
    ("tasks", "Have work done, and see what became of it."),
    ("events", "Follow what happens as it happens, as server-sent events."),
    ("queues", "Where tasks wait. A queue is made by the first task that is sent to it."),
    ("workers", "Who runs tasks. A worker that says nothing for some seconds is gone from these lists."),
    ("schedules", "Work that is submitted again and again."),
    ("dead", "Tasks that were given up, kept apart so that somebody looks at them."),
    ("alerts", "What services want people to look at."),
    ("kinds", "Which kinds of tasks are known, and what each takes."),
    ("health", "For load balancers, orchestrators and monitoring. Never limited, never in need of a key."),
    ("platform", "The service itself."),
    ("documentation", "This description in several forms, and the pages that explain errors."),
  ]

  /// All names in order.
  static let order = table.map(\.name)

  /// A chapter's text; services have none here.
  static subscript(name: String) -> String? { table.first { $0.name == name }?.about }
}
