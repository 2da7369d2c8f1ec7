import CelerityCore
import CelerityJSON

extension Components {
  /// The body of every error of `/v1`.
  static let problems: [(String, JSONSchema)] = [
    (
      "Problem",
      .record(
        "An error (RFC 9457). `code` is stable; every other text may change.",
        [
          .init("type", .text("Path of the page that explains the code.", example: "/problems/unknown-task")),
          .init("title", .text("What kind of error it is.")),
          .init("status", JSONSchema(.integer, description: "The HTTP status.", minimum: 400, maximum: 599)),
          .init("detail", .text("What happened this time.")),
          .init("instance", .text("The path that was asked for.")).optional,
          .init("code", .text("The stable word for it.", example: "unknown-task")),
          .init("errors", .list(of: issue, "Every single thing that is wrong; often empty.")),
          .init("hint", .text("What to do about it.")).optional,
          .init("trace_id", JSONSchema(.string, description: "Finds the request in logs; 32 hex digits.")),
        ])
    )
  ]

  private static let issue = JSONSchema.record(
    "One thing that is wrong.",
    [
      .init("pointer", .text("JSON pointer into the body.", example: "/kwargs/amount")),
      .init("detail", .text("What is wrong there.")),
    ])
}
