public import CelerityCore
import CelerityJSON

/// Writes points to InfluxDB over HTTP, to the path of its version 1 or 2. Others that take line protocol (VictoriaMetrics,
/// QuestDB, Telegraf) know these paths too.
public struct InfluxWriter: TelemetryWriter {
  /// Where points go in the server.
  public enum Place: Sendable, Hashable {
    /// `POST /write?db=…`; the token is `user:password`, or empty.
    case database(String)
    /// `POST /api/v2/write?org=…&bucket=…`
    case bucket(String, organisation: String)
  }

  private let base: String
  private let place: Place
  private let token: String
  private let web: any WebClient

  /// A writer to the server at an address such as `http://127.0.0.1:8086`.
  public init(_ address: String, _ place: Place, token: String, web: any WebClient) {
    base = address.hasSuffix("/") ? String(address.dropLast()) : address
    self.place = place
    self.token = token
    self.web = web
  }

  public var name: String { "influx" }

  public func canWrite(_ point: TelemetryPoint) -> Bool { LineProtocol.canWrite(point) }

  public func write(_ points: [TelemetryPoint]) async -> TelemetryOutcome {
    let outcome = await send(points)
    guard case .away(let reason) = outcome, reason == Self.noDatabase, await makeDatabase() else { return outcome }
    return await send(points)
  }

  /// Whether the server answers (`GET /ping`, both versions): `nil` when it does, else why not.
  public func check() async -> String? {
    do {
      let answer = try await web.send(WebRequest("GET", base + "/ping", timeout: .seconds(3), answerLimit: 64 << 10))
      return (200..<300).contains(answer.status) ? nil : "it answered \(answer.status)"
    } catch {
      return error.message
    }
  }

  private static let noDatabase = "the database is not there"

  /// Times are nanoseconds, which all servers expect unless told otherwise.
  private func send(_ points: [TelemetryPoint]) async -> TelemetryOutcome {
    var body: [UInt8] = []
    for point in points { LineProtocol.append(point, to: &body) }
    let path =
      switch place {
      case .database(let name): "/write?db=\(Self.escaped(name))"
      case .bucket(let bucket, let organisation):
        "/api/v2/write?org=\(Self.escaped(organisation))&bucket=\(Self.escaped(bucket))"
      }
    let headers = [("Content-Type", "text/plain; charset=utf-8")] + authorization
    do {
      let answer = try await web.send(
        WebRequest("POST", base + path, headers: headers, body: body, timeout: .seconds(10), answerLimit: 64 << 10))
      return judged(answer)
    } catch {
      return .away(error.message)
    }
  }

  private func judged(_ answer: WebResponse) -> TelemetryOutcome {
    switch answer.status {
    case 200..<300: return .written
    case 400, 413, 422: return .refused("it answered \(answer.status): \(Self.reason(answer))")
    // Nobody is asked to make the database before: it is made when it is missing.
    case 404 where isDatabase: return .away(Self.noDatabase)
    // A wrong token or a missing bucket can be put right meanwhile, as a full server can.
    default: return .away("it answered \(answer.status)")
    }
  }

  private var isDatabase: Bool { if case .database = place { true } else { false } }

  /// `CREATE DATABASE` of InfluxQL; a name in double quotes may hold anything, escaped.
  private func makeDatabase() async -> Bool {
    guard case .database(let name) = place else { return false }
    let quoted = name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    let query = "CREATE DATABASE \"\(quoted)\""
    let request = WebRequest("POST", base + "/query?q=\(Self.escaped(query))", headers: authorization)
    guard let answer = try? await web.send(request) else { return false }
    return answer.status == 200
  }

  private var authorization: [(name: String, value: String)] {
    guard !token.isEmpty else { return [] }
    return [("Authorization", isDatabase ? "Basic \(Base64.text(Array(token.utf8)))" : "Token \(token)")]
  }

  /// What the server says of points that it does not take; it repeats parts of them, never the token.
  private static func reason(_ answer: WebResponse) -> String {
    let json = try? RawJSON(validating: answer.body)
    let text = json?["error"]?.stringValue ?? json?["message"]?.stringValue ?? "no reason"
    return String(text.prefix(300))
  }

  /// RFC 3986, 2.3: everything but unreserved characters is escaped.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: escaped.unicodeScalars.append(.init(byte))
      default: escaped += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return escaped
  }
}

/// Base64 (RFC 4648, 4).
enum Base64 {
  private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func text(_ bytes: [UInt8]) -> String {
    var out: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let part = bytes[start..<min(start + 3, bytes.count)]
      let bits = part.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - part.count))
      for place in 0..<4 {
        out.append(place <= part.count ? digits[Int(bits >> (18 - 6 * UInt32(place)) & 63)] : 0x3D)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
