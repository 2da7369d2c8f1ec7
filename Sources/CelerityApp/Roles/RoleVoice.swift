import Logging

/// Tells whoever started a process what becomes of it: a person on standard output, and a machine that asked for JSON in lines
/// of the log, so that every line it reads is one.
struct RoleVoice: Sendable {
  let logger: Logger
  let speaksJSON: Bool

  init(_ settings: ResolvedSettings, _ logger: Logger) {
    self.logger = logger
    speaksJSON = settings[Settings.logFormat] == "json"
  }

  func ready(_ banner: Banner) {
    if speaksJSON {
      logger.notice("ready", metadata: banner.metadata)
    } else {
      ConsoleLine.write(banner.text)
    }
  }

  func say(_ text: String) {
    if speaksJSON {
      logger.notice("\(text)")
    } else {
      ConsoleLine.write(text)
    }
  }
}
