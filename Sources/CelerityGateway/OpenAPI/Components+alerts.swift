import CelerityCore
import CelerityJSON

extension Components {
  /// What services want people to look at.
  static let alerts: [(String, JSONSchema)] = [("Alert", alert), ("AlertList", list)]

  private static let alert = JSONSchema.record(
    "Something that people should look at.",
    [
      .init("kind", .text("What kind of thing it is.", example: "Fraud attempt")),
      .init("description", .text("What happened, on one line.")),
      .init("service", .text("The service that raised it.")),
      .init("task_id", .text("The task that it is about.").orNull),
      .init("time", .time("When it was raised.")),
    ])

  private static let list = JSONSchema.record(
    "Alerts, the newest first.", [.init("alerts", .list(of: .component("Alert"), "The alerts."))])
}
