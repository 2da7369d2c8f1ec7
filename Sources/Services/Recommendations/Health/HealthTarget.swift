import CelerityTasks

/// Whom the health requests go to.
enum HealthTarget: Sendable, Hashable {
  case url(String)
  /// Nobody, and why.
  case nobody(String)

  /// The target that is set.
  init(_ settings: ServiceSettingValues) {
    let text = settings[RecommendationsService.targetURL]
    if text.isEmpty {
      self = .nobody("recommendations.target_url (TARGET_URL) is empty")
    } else if text.contains("{gateway}") {
      self = .nobody(
        "this process does not know the gateway's address; set recommendations.target_url (TARGET_URL) to its URL")
    } else if !text.hasPrefix("http://") && !text.hasPrefix("https://") {
      self = .nobody("recommendations.target_url (TARGET_URL) is no http:// or https:// URL")
    } else {
      // A server without a path is asked where servers are asked.
      let rest = text.drop { $0 != ":" }.dropFirst(3)
      let path = rest.drop { $0 != "/" }
      self = .url(path.isEmpty ? text + "/health" : path == "/" ? text + "health" : text)
    }
  }
}
