// fuzz-sources: Sources/CelerityJSON Sources/CelerityCore Sources/CelerityCron Sources/CelerityTasks
// fuzz-sources: Sources/CelerityRoutes Sources/CelerityGateway/LoopbackAddress.swift
// fuzz-sources: Sources/CelerityGateway/OpenAPI/ContentCoding.swift
// fuzz-sources: Sources/CelerityGateway/Pipeline/MediaTypeField.swift Sources/CelerityGateway/Pipeline/PathText.swift
// fuzz-sources: Sources/CelerityGateway/Pipeline/QueryText.swift Sources/CelerityGateway/Pipeline/RequestID.swift
// fuzz-sources: Sources/CelerityGateway/Pipeline/TraceParent.swift Sources/CelerityGateway/Routes/CursorText.swift
// fuzz-sources: Sources/CelerityGateway/Routes/EntityTag.swift Sources/CelerityGateway/Streams/StreamPosition.swift
// fuzz-sources: Sources/CelerityGateway/Submission/IdempotencyField.swift
// fuzz-sources: Sources/CelerityGateway/Submission/WaitPreference.swift
//
// The head of a request: target and fields.
//
// Input: one byte that selects a reader, then the text as it arrives.
// Oracle: nothing traps; what is accepted keeps to its grammar, reads back as the same when it is written again, and is
// no longer than what came in.

import CelerityCore
import CelerityJSON
import CelerityRoutes

@testable import CelerityGateway

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRequests(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  guard let selector = input.first else { return 0 }
  let text = String(decoding: input[1...], as: UTF8.self)
  switch selector % 11 {
  case 0: checkPreference(text)
  case 1: checkIdempotencyKey(text)
  case 2: checkIDs(text)
  case 3: checkMediaType(text)
  case 4: checkCoding(text)
  case 5: checkTags(text)
  case 6: checkPosition(text)
  case 7: checkHost(text)
  case 8: checkQuery(text)
  case 9: checkPath(text)
  default: checkCursor(text)
  }
  return 0
}

// MARK: Fields

private func checkPreference(_ text: String) {
  guard let wait = WaitPreference(text) else { return }
  precondition((0...WaitPreference.limit).contains(wait.seconds))
  precondition(WaitPreference(wait.applied.value) == wait, "what was heeded reads back")
  precondition(WaitPreference("respond-async, " + wait.applied.value + "; x=y") == wait, "among other preferences")
}

private func request(_ name: String, _ value: String) -> RouteRequest {
  RouteRequest(method: "POST", path: "/", headers: [name: value], requestID: "r", traceparent: "")
}

private func checkIdempotencyKey(_ text: String) {
  do {
    guard let key = try IdempotencyField.text(of: request("idempotency-key", text)) else { return }
    precondition((1...255).contains(key.utf8.count) && key.utf8.allSatisfy { (0x20...0x7E).contains($0) })
    let quoted = try? IdempotencyField.text(of: request("idempotency-key", " \"\(key)\"\t"))
    precondition(quoted == key || key.contains("\"") || key.contains("\\"), "\(key) in quotes is another key")
  } catch {
    precondition(error.status == 400)
  }
}

private func checkIDs(_ text: String) {
  if let id = RequestID.accepted(text) {
    precondition(id == text && (1...128).contains(id.utf8.count))
    precondition(!id.contains { $0.isWhitespace || $0 == "\"" || $0 == "," || !$0.isASCII }, "\(id) could break a log")
  }
  if let parent = TraceParent(text) {
    precondition(parent.text == text && text.utf8.count == 55 && TraceParent(parent.text) == parent)
    let request = RouteRequest(method: "GET", path: "/", requestID: "r", traceparent: parent.text)
    precondition(request.traceID.utf8.count == 32 && request.traceID.contains { $0 != "0" })
  }
}

private func checkMediaType(_ text: String) {
  for wanted in ["application/json", "application/x-ndjson", "application/jsonl", "text/csv"] {
    guard MediaTypeField.names(wanted, in: text) else { continue }
    let type = text.lowercased().prefix { $0 != ";" }.drop { $0 == " " || $0 == "\t" }
    precondition(type.hasPrefix(wanted), "\(text) is no \(wanted)")
    precondition(
      MediaTypeField.names(wanted, in: text.uppercased()) == MediaTypeField.names(wanted, in: text.lowercased()))
    precondition(MediaTypeField.names(wanted, in: text + ";charset=utf-8"), "\(text) with a character set")
    precondition(!MediaTypeField.names(wanted, in: text + ",text/html") || !wanted.hasSuffix("json"))
  }
}

private func checkCoding(_ text: String) {
  let isAccepted = ContentCoding.isAccepted("gzip", by: text)
  precondition(ContentCoding.isAccepted("gzip", by: text.uppercased()) == isAccepted || !text.allSatisfy(\.isASCII))
  precondition(!isAccepted || text.lowercased().contains("gzip") || text.contains("*"), "\(text) names no gzip")
  // A combining character would become one with the comma.
  guard text.unicodeScalars.first?.isASCII != false else { return }
  precondition(ContentCoding.isAccepted("gzip", by: "gzip;q=1," + text), "the first that names it counts")
  precondition(!ContentCoding.isAccepted("gzip", by: "gzip;q=0," + text), "the first that names it counts")
}

private func checkTags(_ text: String) {
  let tag = EntityTag(.string(text))
  precondition(tag.isNamed(in: tag.text) && tag.isNamed(in: "W/" + tag.text) && tag.isNamed(in: "\"x\" , " + tag.text))
  precondition(EntityTag(.string(text)) == tag && EntityTag(.string(text + "x")) != tag)
  let isNamed = tag.isNamed(in: text)
  precondition(!isNamed || text.contains("*") || text.contains(tag.text), "\(text) does not name \(tag.text)")
  if EntityTag.isVersion(7, namedIn: text) { precondition(text.contains("*") || text.contains("\"7-")) }
  precondition(EntityTag.isVersion(7, namedIn: EntityTag(version: 7, .string(text)).text))
}

private func checkPosition(_ text: String) {
  guard let position = StreamPosition(text) else { return }
  precondition(position.seq >= 0 && position.line >= 0)
  precondition(StreamPosition(position.text) == position, "\(position.text) reads back as something else")
  precondition(position.text.utf8.count <= 44)
}

private func checkHost(_ text: String) {
  let name = LoopbackAddress.hostName(in: text)
  precondition(name == name.lowercased() && name.utf8.count <= 3 * text.utf8.count)
  guard LoopbackAddress.isNamed(by: text) else { return }
  let isLocal = name == "localhost" || name.hasSuffix(".localhost") || name.hasPrefix("127.") || name.contains(":")
  precondition(isLocal, "\(text) names another machine")
  let written = name.contains(":") ? "[\(name)]" : name
  let rest = text.lowercased().dropFirst(written.count)
  precondition(text.lowercased().hasPrefix(written), "\(text) is more than \(written)")
  let isPort = rest.isEmpty || rest.first == ":" && rest.dropFirst().allSatisfy { $0.isASCII && $0.isNumber }
  precondition(isPort, "\(text) has something behind the name")
}

// MARK: Target

private func checkQuery(_ text: String) {
  do {
    let pairs = try QueryText.pairs(text[...], limit: 20)
    precondition(pairs.count <= 20)
    precondition(pairs.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count } <= text.utf8.count)
    precondition(pairs.allSatisfy { !$0.name.utf8.contains(0) && !$0.value.utf8.contains(0) })
    let written = pairs.map { encoded($0.name) + "=" + encoded($0.value) }.joined(separator: "&")
    let again = try? QueryText.pairs(written[...], limit: 20)
    precondition(again?.map(\.name) == pairs.map(\.name) && again?.map(\.value) == pairs.map(\.value), "\(written)")
    let request = RouteRequest(method: "GET", path: "/", query: pairs, requestID: "r", traceparent: "")
    for (name, value) in pairs where pairs.count(where: { $0.name == name }) == 1 {
      precondition((try? request.queryValue(name)) == value, "\(name) is found")
    }
  } catch {
    precondition(error.status == 400)
  }
}

/// Every byte escaped.
private func encoded(_ text: String) -> String {
  text.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

private let templates = [
  "/", "/health", "/v1/tasks", "/v1/tasks:bulk", "/v1/tasks/{id}", "/v1/tasks/{id}:cancel", "/v1/tasks/{id}:retry",
  "/v1/tasks/{id}/result", "/v1/queues/{name}", "/v1/queues/{name}:pause", "/v1/schedules:next",
  "/v1/dead/{id}:discard",
  "/finance/tasks/{task_id}", "/ui/{a}/{b}/{c}",
]

private let table = try? RouteTable(
  templates.flatMap { path in
    [Route.Method.get, path.contains("}:") ? .post : .delete].map { method in
      Route(method, PathTemplate(path), operationID: "\(method) \(path)", summary: "") { _, _ in RouteResponse(200) }
    }
  })

private func checkPath(_ text: String) {
  guard let table else { preconditionFailure("the routes are in conflict") }
  let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
  checkMatch(String(lines[0]), table)
  let template = PathTemplate(String(lines[0]))
  precondition(template.description == lines[0] && PathTemplate(template.description) == template)
  // Any text as a parameter is found again by every template that takes one.
  let value = lines.count > 1 ? String(lines[1]) : String(lines[0])
  guard !value.isEmpty, !value.utf8.contains(0) else { return }
  for path in templates where path.contains("{") {
    let filled = path.split(separator: "/").map { part -> String in
      guard part.hasPrefix("{"), let end = part.firstIndex(of: "}") else { return String(part) }
      return encoded(value) + part[part.index(after: end)...]
    }
    let method = path.contains("}:") ? "POST" : "GET"
    guard case .found(let route, let parameters) = table.match(method, "/" + filled.joined(separator: "/")) else {
      preconditionFailure("\(path) with \(value) is not found")
    }
    precondition(route.path.description == path, "\(path) with \(value) is taken for \(route.path)")
    precondition(parameters.values.allSatisfy { $0.utf8.elementsEqual(value.utf8) } && !parameters.isEmpty)
  }
}

private func checkMatch(_ path: String, _ table: RouteTable) {
  var isLegal = true
  do { try PathText.check(path) } catch {
    isLegal = false
    precondition(error.status == 400)
  }
  switch (table.match("GET", path), table.match("HEAD", path)) {
  case (.found(let route, let parameters), .found(let same, let others)):
    precondition(route.operationID == same.operationID && parameters == others)
    precondition(Set(parameters.keys) == Set(route.path.parameterNames))
    precondition(parameters.values.allSatisfy { !$0.isEmpty && !$0.utf8.contains(0) })
    precondition(!isLegal || parameters.values.allSatisfy { $0 != "." && $0 != ".." }, "\(path) leaves its folder")
  case (.methodNotAllowed(let allowed), .methodNotAllowed(let others)):
    precondition(!allowed.isEmpty && allowed == others && allowed == allowed.sorted())
    for method in allowed {
      guard case .found = table.match(method, path) else { preconditionFailure("\(method) \(path) is not allowed") }
    }
  case (.notFound, .notFound): break
  default: preconditionFailure("HEAD \(path) is not answered like GET")
  }
}

private func checkCursor(_ text: String) {
  let texts = [
    CursorText(RecordQuery()), CursorText(RecordQuery(states: [.success]), search: text),
    CursorText(RecordQuery(queue: text, isDeadLetter: true)),
  ]
  for cursors in texts {
    let position = RecordCursor(position: Int64(truncatingIfNeeded: text.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) }))
    precondition(cursors.cursor(cursors.text(of: position)) == position, "a cursor reads back")
    precondition(texts.count { $0.cursor(cursors.text(of: position)) != nil } < 3, "a cursor fits other filters")
    guard let found = cursors.cursor(text) else { continue }
    precondition(cursors.cursor(cursors.text(of: found)) == found)
    precondition(text.utf8.count <= 64, "a cursor of any length is accepted")
  }
}
