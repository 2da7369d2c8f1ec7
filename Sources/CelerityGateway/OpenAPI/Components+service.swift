import CelerityCore

extension Components {
  /// What the platform says about itself.
  static let service: [(String, JSONSchema)] = [
    (
      "Index",
      .record(
        "Name, version and where to begin.",
        [
          .init("name", .text("`celerity`.")), .init("version", .text("The product's version.")),
          .init("server_id", .text("Which of several servers answers, `gateway.server_id`.")),
          .init("links", .paths("Paths by what is there.")),
        ])
    ),
    (
      "Health",
      .record(
        "Whether the parts behind the gateway are connected.",
        [
          .init("status", .words("`degraded` when a part is missing.", ["healthy", "degraded"])),
          .init("timestamp", .time("When this was said.")),
          .init(
            "services",
            JSONSchema(
              .object(
                properties: [],
                additional: .of(.words("Whether it answers.", ["connected", "disconnected"]))),
              description: "The parts by name.")),
        ])
    ),
  ]
}

extension JSONSchema {
  /// An object of paths by name.
  fileprivate static func paths(_ description: String) -> JSONSchema {
    JSONSchema(.object(properties: [], additional: .of(JSONSchema(.string))), description: description)
  }
}
