import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

/// A submission as the service's clients write it: `{"data": {…}, "priority"?, "queue"?, "task_type"?}`, or the same flat.
/// Unknown members are tolerated.
struct CalculationRequest {
  var task: String
  var kwargs: RawJSON
  var priority: Priority
  var queue: String

  /// The longest name of a queue this API takes.
  private static let longestQueueName = 50

  init(_ body: RawJSON) throws {
    guard let members = body.members() else { throw Self.invalid("", "the body must be an object") }
    let outer = Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first }
    let data = outer["data"]
    let place = data == nil ? "" : "/data"
    guard let fields = (data ?? body).members() else { throw Self.invalid("/data", "must be an object") }
    let names = Set(fields.map(\.name))
    let kind = try Self.kind(outer["task_type"], in: data, names, place)
    do {
      (task, kwargs) = try kind.canonical(data ?? body)
    } catch let error as FinanceError {
      throw Self.invalid(place + error.field.pointer, error.message)
    } catch let error as DecodingError {
      throw Self.invalid(error, place)
    }
    priority = try Self.priority(outer["priority"])
    queue = try Self.queue(outer["queue"])
  }

  private static func kind(
    _ beside: RawJSON?, in data: RawJSON?, _ names: Set<String>, _ place: String
  ) throws(RouteError) -> RequestedTask {
    let isBeside = beside.map { !$0.isNull } ?? false
    if let named = isBeside ? beside : data?["task_type"], !named.isNull {
      let known = RequestedTask.words
      guard let word = named.stringValue, let task = RequestedTask(word) else {
        let guess = Self.guess(named.stringValue ?? "", known)
        throw RouteError(
          422, "INVALID_TASK", "task_type must be one of \(known.joined(separator: ", "))\(guess)",
          issues: [.init(pointer: (isBeside ? "" : place) + "/task_type", detail: "unknown")])
      }
      return task
    }
    guard let kind = CalculationKind.detect(keys: names) else {
      throw RouteError(
        422, "INVALID_TASK", "the data fit no calculation",
        issues: [.init(pointer: place, detail: "no calculation takes these members")],
        hint: #"send {"data": {"amount": 10000, "rate": 0.05}}, or name the calculation in task_type"#)
    }
    return .calculation(kind)
  }

  private static func guess(_ word: String, _ known: [String]) -> String {
    closestMatch(to: word, among: known).map { "; did you mean '\($0)'?" } ?? ""
  }

  private static func priority(_ value: RawJSON?) throws(RouteError) -> Priority {
    guard let value, !value.isNull else { return .normal }
    guard let band = value.stringValue.flatMap(PriorityBand.init(word:)) else {
      throw invalid("/priority", "must be high, medium or low")
    }
    return band.priority
  }

  private static func queue(_ value: RawJSON?) throws(RouteError) -> String {
    guard let value, !value.isNull else { return FinanceService.queue }
    guard let name = value.stringValue, name.unicodeScalars.count <= longestQueueName, QueueKey.isLegal(name: name)
    else {
      throw invalid("/queue", "must be a text of 1 to \(longestQueueName) characters without control characters or '/'")
    }
    return name
  }

  private static func invalid(_ pointer: String, _ detail: String) -> RouteError {
    RouteError(
      422, "VALIDATION_ERROR", pointer.isEmpty ? detail : "\(pointer.dropFirst()) \(detail)",
      issues: [.init(pointer: pointer, detail: detail)])
  }

  private static func invalid(_ error: DecodingError, _ place: String) -> RouteError {
    switch error {
    case .keyNotFound(let key, let context): invalid(place + jsonPointer(context.codingPath + [key]), "is missing")
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      invalid(place + jsonPointer(context.codingPath), context.debugDescription)
    @unknown default: invalid(place, "\(error)")
    }
  }
}

/// What a submission asks for.
enum RequestedTask {
  case calculation(CalculationKind)
  case healthCheck
  case fixedSeconds

  /// What may stand in `task_type`.
  static let words = CalculationKind.allCases.map(\.rawValue) + ["health_check", "fixed_seconds"]

  init?(_ word: String) {
    switch word {
    case "health_check": self = .healthCheck
    case "fixed_seconds": self = .fixedSeconds
    default:
      guard let kind = CalculationKind(rawValue: word) else { return nil }
      self = .calculation(kind)
    }
  }

  /// The task's name and its arguments in the form the task declares; throws what is wrong with the data.
  func canonical(_ data: RawJSON) throws -> (String, RawJSON) {
    switch self {
    case .calculation(.compoundInterest):
      try checked(CompoundInterest.self, data)
    case .calculation(.valueAtRisk):
      try checked(CalculateValueAtRisk.self, data)
    case .calculation(.optionPricing):
      try checked(PriceOption.self, data)
    case .calculation(.optimization):
      try checked(OptimizePortfolio.self, data)
    case .calculation(.stressTest):
      try checked(StressTest.self, data)
    case .healthCheck:
      (HealthCheck.name, .emptyObject)
    case .fixedSeconds:
      try checked(FixedSeconds.self, data) { input in
        guard (0...3600).contains(input.seconds) else {
          throw FinanceError(.outOfRange, at: .root["seconds"], "must be from 0 to 3600")
        }
      }
    }
  }

  private func checked<T: TaskDefinition>(
    _ task: T.Type, _ data: RawJSON, _ validate: (T.Input) throws -> Void = { try $0.validate() }
  ) throws -> (String, RawJSON) {
    let input = try RawJSONDecoder().decode(T.Input.self, from: data)
    try validate(input)
    return (T.name, try RawJSONEncoder().encode(input))
  }
}
