// fuzz-sources: Sources/CelerityJSON Sources/CelerityCore Sources/CelerityCron Sources/CelerityTasks
// fuzz-sources: Sources/CelerityRoutes Sources/CelerityGateway/Pipeline/MediaTypeField.swift
// fuzz-sources: Sources/CelerityGateway/Submission/Bulk/BulkBody.swift
// fuzz-sources: Sources/CelerityGateway/Submission/FieldReader.swift
// fuzz-sources: Sources/CelerityGateway/Submission/CalledTask.swift
// fuzz-sources: Sources/CelerityGateway/Submission/StepReader.swift
// fuzz-sources: Sources/CelerityGateway/Submission/TaskRequest.swift
// fuzz-sources: Sources/CelerityGateway/Submission/TaskRequest+signature.swift
// fuzz-plain: Sources/Services/Finance
//
// Bodies of submissions: one task, a workflow, many, and those of the finance service.
//
// Input: one byte that selects a reader, then the body.
// Oracle: nothing traps; what is accepted keeps to its limits and is accepted again in the form in which it was
// understood; what is refused is refused with a status of its own and a bounded number of issues, each at a place.

import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

@testable import CelerityGateway
@testable import Finance

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzBodies(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  guard let selector = input.first else { return 0 }
  let body = Array(input[1...])
  switch selector % 4 {
  case 0: checkTask(body)
  case 1: checkMany(body, type: nil)
  case 2: checkMany(body, type: selector & 4 == 0 ? "application/json" : "application/x-ndjson")
  default: checkCalculation(body)
  }
  return 0
}

private let now = Timestamp(seconds: 1_795_237_200)

private func checkTask(_ body: [UInt8]) {
  guard let json = try? RawJSON(validating: body) else { return }
  checkWorkflow(json)
  do {
    let wanted = try TaskRequest(json, at: now)
    precondition((1...255).contains(wanted.task.utf8.count))
    precondition(wanted.queue.map { QueueKey.isLegal(name: $0) } ?? true)
    precondition(wanted.args.kind == .array && wanted.kwargs.kind == .object)
    precondition(wanted.tags?.count ?? 0 <= 32 && (wanted.links ?? []).count <= StepReader.linkLimit)
    precondition((wanted.timeLimit ?? .seconds(1)) > .zero && (wanted.softTimeLimit ?? .seconds(1)) > .zero)
    // Left out and null are the same; a stranger is refused.
    let members = json.members() ?? []
    for name in TaskRequest.fields where json[name] == nil {
      let padded = RawJSON.object(members.map { ($0.name, $0.value) } + [(name, .null)])
      precondition((try? TaskRequest(padded, at: now)).map(String.init(describing:)) == String(describing: wanted))
    }
    let strange = RawJSON.object(members.map { ($0.name, $0.value) } + [("\u{1}stranger", .true)])
    precondition((try? TaskRequest(strange, at: now)) == nil)
  } catch {
    check(error, status: 422)
  }
}

/// What is accepted as a workflow is a signature that is read as itself.
private func checkWorkflow(_ json: RawJSON) {
  var fields = FieldReader(json, known: TaskRequest.fields)
  var steps = StepReader(now: now)
  steps.tags = TaskRequest.tags(&fields)
  let signature = steps.workflow(&fields)
  precondition(steps.called.count <= StepReader.limit)
  do {
    try fields.finish()
    guard let signature else { return }
    let again = try? RawJSONDecoder().decode(Signature.self, from: signature.json)
    precondition(again == signature, "\(signature.json) is another signature")
  } catch {
    check(error, status: 422)
  }
}

private func check(_ error: RouteError, status: Int) {
  precondition(error.status == status, "\(error)")
  precondition(error.issues.count <= FieldReader.issueLimit && !error.detail.isEmpty)
  precondition(error.issues.allSatisfy { ($0.pointer.isEmpty || $0.pointer.hasPrefix("/")) && !$0.detail.isEmpty })
}

private func request(_ body: [UInt8], type: String? = nil) -> RouteRequest {
  RouteRequest(
    method: "POST", path: "/", headers: type.map { ["content-type": $0] } ?? [:], body: body, requestID: "r",
    traceparent: "")
}

private func checkMany(_ body: [UInt8], type: String?) {
  do {
    let many = try BulkBody(request(body, type: type))
    precondition(many.count <= BulkBody.itemLimit)
    var size = 0
    for index in 0..<many.count {
      do {
        let item = try many.item(index)
        size += item.bytes.count
        precondition((try? RawJSON(validating: item.bytes)) == item)
      } catch {
        precondition(error.status == 400 || error.status == 413)
      }
    }
    precondition(size <= body.count, "the items are more than the body")
    // An array is its elements.
    guard let elements = (try? RawJSON(validating: body))?.elements() else { return }
    if type != "application/x-ndjson" { precondition(elements.count == many.count) }
  } catch {
    precondition((400..<500).contains(error.status))
  }
}

private func checkCalculation(_ body: [UInt8]) {
  do {
    let wanted = try CalculationRequest(try request(body).json())
    precondition(wanted.kwargs.kind == .object && FinanceService().tasks.contains { type(of: $0).name == wanted.task })
    precondition(QueueKey.isLegal(name: wanted.queue) && [2, 5, 8].contains(wanted.priority.value))
    // In the form in which it was understood it means the same.
    let word = RequestedTask.words.first { word in
      (try? RequestedTask(word)?.canonical(wanted.kwargs))?.0 == wanted.task
    }
    guard let word else { preconditionFailure("\(wanted.task) does not take its own arguments") }
    let canonical = RawJSON.object([("task_type", .string(word)), ("data", wanted.kwargs)])
    let again = try? CalculationRequest(canonical)
    precondition(again?.task == wanted.task && again?.kwargs == wanted.kwargs, "\(canonical) means something else")
  } catch let error as RouteError {
    precondition([400, 413, 422].contains(error.status), "\(error)")
    precondition(error.issues.allSatisfy { $0.pointer.isEmpty || $0.pointer.hasPrefix("/") })
  } catch {
    preconditionFailure("\(error) has no place in an answer")
  }
}
