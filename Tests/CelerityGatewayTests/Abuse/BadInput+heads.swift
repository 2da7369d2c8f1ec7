extension BadInput {
  /// What is no HTTP/1.1 (RFC 9112).
  static let framing: [BadInput] = [
    BadInput(
      "no HTTP at all", Array("\u{16}\u{3}\u{1}hello, is it TLS you want?\r\n\r\n".utf8), is: 405, "method-not-allowed"),
    BadInput(
      "an unknown method", Array("FROB / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".utf8), is: 405, "method-not-allowed"),
    BadInput("HTTP/3.7", Array("GET / HTTP/3.7\r\nHost: 127.0.0.1\r\n\r\n".utf8), is: 400, "malformed-request"),
    BadInput("HTTP/2 preface", Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8), is: 400, "malformed-request"),
    BadInput("no Host", Array("GET /livez HTTP/1.1\r\n\r\n".utf8), is: 400, "invalid-host"),
    request("two Host fields", "GET /livez", ["Host: localhost"], is: 400, "invalid-host"),
    request("a field without a colon", "GET /livez", ["Nonsense"], is: 400, "malformed-request"),
    request("a space before the colon", "GET /livez", ["X-A : 1"], is: 400, "malformed-request"),
    request("a folded field", "GET /livez", ["X-A: 1", " 2"], is: 400, "malformed-request"),
    request("NUL in a field", "GET /livez", ["X-A: 1\u{0}2"], is: 400, "malformed-request"),
    request(
      "length and chunks", "POST /v1/tasks", ["Content-Length: 4", "Transfer-Encoding: chunked"],
      body: Array("0\r\n\r\n".utf8), is: 400, "malformed-request"),
    request(
      "two lengths", "POST /v1/tasks", ["Content-Length: 4", "Content-Length: 5"], body: Array("12345".utf8), is: 400,
      "malformed-request"),
    request("a negative length", "POST /v1/tasks", ["Content-Length: -1"], is: 400, "malformed-request"),
    request(
      "a length with a sign", "POST /v1/tasks", ["Content-Length: +1"], body: [0x31], is: 400, "malformed-request"),
    request(
      "an overflowing length", "POST /v1/tasks", ["Content-Length: 99999999999999999999"], is: 400, "malformed-request"),
    request(
      "an unknown transfer coding", "POST /v1/tasks", ["Transfer-Encoding: xchunked"], is: 400, "malformed-request"),
    request(
      "a broken chunk size", "POST /v1/tasks", ["Transfer-Encoding: chunked"], body: Array("zz\r\n{}\r\n".utf8),
      is: 400,
      "malformed-request"),
    request(
      "a chunk without its end", "POST /v1/tasks", ["Transfer-Encoding: chunked"], body: Array("2\r\n{}xx".utf8),
      is: 400,
      "malformed-request"),
    request("an unknown expectation", "POST /v1/tasks", ["Expect: a miracle"], is: 417, "unknown-expectation"),
  ]

  /// Paths, methods and queries.
  static let targets: [BadInput] = [
    request("nothing there", "GET /nothing/here", is: 404, "not-found"),
    request("a doubled slash", "GET //livez", is: 404, "not-found"),
    request("a slash at the end", "GET /livez/", is: 404, "not-found"),
    request("NUL in the path", "GET /v1/tasks/a%00b", is: 400, "invalid-path"),
    request("an overlong escape", "GET /v1/tasks/%c0%af", is: 400, "invalid-path"),
    request("a broken escape", "GET /v1/tasks/%zz", is: 400, "invalid-path"),
    request("half an escape", "GET /v1/tasks/%4", is: 400, "invalid-path"),
    request("dot segments", "GET /v1/tasks/../queues", is: 400, "invalid-path"),
    request("escaped dot segments", "GET /v1/tasks/%2e%2E/queues", is: 400, "invalid-path"),
    request("a backslash", "GET /v1\\tasks", is: 400, "invalid-path"),
    BadInput("raw bytes in the path", rawPath, is: 400, "malformed-request"),
    request("a long target", "GET /v1/tasks/\(filler(9 << 10))", is: 414, "uri-too-long"),
    request("a fragment", "GET /livez#part", is: 400, "invalid-path"),
    request("a wrong method", "DELETE /v1/tasks", is: 405, "method-not-allowed"),
    request("TRACE", "TRACE /livez", is: 405, "method-not-allowed"),
    request("CONNECT", "CONNECT example.org:443", is: 400, "invalid-path"),
    request("GET of a verb", "GET /v1/tasks/x:cancel", is: 405, "method-not-allowed"),
    request("an unknown parameter", "GET /v1/tasks?stat=PENDING", is: 400, "unknown-parameter"),
    request("a parameter twice", "GET /v1/tasks?limit=1&limit=2", is: 400, "invalid-query"),
    request("a broken escape in the query", "GET /v1/tasks?task=%g1", is: 400, "invalid-query"),
    request("NUL in the query", "GET /v1/tasks?task=%00", is: 400, "invalid-query"),
    request("a limit of 0", "GET /v1/tasks?limit=0", is: 400, "invalid-parameter"),
    request("a limit of 201", "GET /v1/tasks?limit=201", is: 400, "invalid-parameter"),
    request("a limit in words", "GET /v1/tasks?limit=ten", is: 400, "invalid-parameter"),
    request("a huge limit", "GET /v1/tasks?limit=99999999999999999999", is: 400, "invalid-parameter"),
    request("an unknown state", "GET /v1/tasks?state=STARTD", is: 400, "invalid-parameter"),
    request("a made-up cursor", "GET /v1/tasks?cursor=abc.def", is: 400, "invalid-cursor"),
    request("too long a wait", "GET /v1/tasks/x/result?wait=31", is: 400, "invalid-parameter"),
    request("a negative wait", "GET /v1/tasks/x/result?wait=-1", is: 400, "invalid-parameter"),
    request("a wait that is no number", "GET /v1/tasks/x/result?wait=nan", is: 400, "invalid-parameter"),
    request(
      "101 parameters", "GET /v1/tasks?\(manyParameters)", is: 400,
      "too-many-parameters"),
  ]

  /// Fields.
  static let heads: [BadInput] = [
    request("101 fields", "GET /livez", numbered(101, "1"), is: 431, "header-fields-too-large"),
    request(
      "one field of 40 KiB", "GET /livez", ["X-A: \(filler(40 << 10))"], is: 431,
      "header-fields-too-large"),
    request(
      "many large fields", "GET /livez", numbered(9, filler(4 << 10)), is: 431,
      "header-fields-too-large"),
    request("X-Forwarded-For", "GET /livez", ["X-Forwarded-For: 203.0.113.7"], is: 403, "untrusted-proxy"),
    request("Forwarded", "GET /livez", ["Forwarded: for=203.0.113.7"], is: 403, "untrusted-proxy"),
    request("another end of X-Forwarded", "GET /livez", ["X-Forwarded: 203.0.113.7"], is: 403, "untrusted-proxy"),
    request("X-Client-IP", "GET /livez", ["X-Client-IP: 203.0.113.7"], is: 403, "untrusted-proxy"),
    request("CF-Connecting-IP", "GET /livez", ["CF-Connecting-IP: 203.0.113.7"], is: 403, "untrusted-proxy"),
    request("True-Client-IP", "GET /livez", ["True-Client-IP: 203.0.113.7"], is: 403, "untrusted-proxy"),
    request(
      "X-Original-Forwarded-For", "GET /livez", ["X-Original-Forwarded-For: 203.0.113.7"], is: 403, "untrusted-proxy"),
    request("X-Cluster-Client-IP", "GET /livez", ["X-Cluster-Client-IP: 203.0.113.7"], is: 403, "untrusted-proxy"),
    request(
      "X-Envoy-External-Address", "GET /livez", ["X-Envoy-External-Address: 203.0.113.7"], is: 403, "untrusted-proxy"),
    request("Fastly-Client-IP", "GET /livez", ["Fastly-Client-IP: 203.0.113.7"], is: 403, "untrusted-proxy"),
    request("Via", "GET /livez", ["Via: 1.1 proxy"], is: 403, "untrusted-proxy"),
    request("X-Real-IP", "POST /v1/tasks", ["X-Real-IP: 127.0.0.1"], is: 403, "untrusted-proxy"),
    BadInput(
      "a foreign name for this machine", Array("GET /livez HTTP/1.1\r\nHost: evil.example:8000\r\n\r\n".utf8), is: 403,
      "untrusted-host"),
    request(
      "a form of another site", "POST /v1/queues/default:purge", ["Sec-Fetch-Site: cross-site"], is: 403,
      "cross-site-request"),
    request(
      "a page that names its foreign origin", "POST /v1/queues/default:purge", ["Origin: https://evil.example"],
      is: 403, "cross-site-request"),
    request(
      "an origin that only begins like ours", "POST /v1/queues/default:purge",
      ["Origin: http://localhost.evil.example"],
      is: 403, "cross-site-request"),
    request(
      "an origin with a user", "POST /v1/queues/default:purge", ["Origin: http://localhost:1@evil.example"],
      is: 403, "cross-site-request"),
    request(
      "a page without an origin", "DELETE /v1/schedules/x", ["Origin: null"], is: 403, "cross-site-request"),
    request(
      "an empty idempotency key", "POST /v1/tasks", ["Idempotency-Key: \"\"", "Content-Length: 22"],
      body: Array(#"{"task": "demo.echo" }"#.utf8), is: 400, "invalid-idempotency-key"),
  ]

  /// Media types and codings.
  static let media: [BadInput] = [
    request(
      "text", "POST /v1/tasks", ["Content-Type: text/plain", "Content-Length: 2"], body: [0x7B, 0x7D], is: 415,
      "unsupported-media-type"),
    request(
      "a form", "POST /v1/queues/default:purge", ["Content-Type: application/x-www-form-urlencoded"], is: 415,
      "unsupported-media-type"),
    request(
      "JSON in UTF-16", "POST /v1/tasks", ["Content-Type: application/json; charset=utf-16"], is: 415,
      "unsupported-media-type"),
    request("nearly JSON", "POST /v1/tasks", ["Content-Type: application/jsonp"], is: 415, "unsupported-media-type"),
    request("a packed body", "POST /v1/tasks", ["Content-Encoding: gzip"], is: 415, "unsupported-encoding"),
  ]

  private static let rawPath =
    Array("GET /v1/tasks/".utf8) + [0xFF, 0xFE] + Array(" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".utf8)
  private static let manyParameters = Array(repeating: "task=a", count: 101).joined(separator: "&")

  private static func numbered(_ count: Int, _ value: String) -> [String] { (0..<count).map { "X-\($0): \(value)" } }
}
