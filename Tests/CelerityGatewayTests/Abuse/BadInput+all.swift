extension BadInput {
  static let all = framing + targets + heads + media + texts + shapes + fields + arguments + identifiers

  private static let framing: [BadInput] = [
    BadInput("no HTTP at all", Array("\u{16}\u{3}\u{1}hello, is it TLS you want?\r\n\r\n".utf8), 405, "method-not-allowed"),
    BadInput("an unknown method", Array("FROB / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".utf8), 405, "method-not-allowed"),
    BadInput("HTTP/3.7", Array("GET / HTTP/3.7\r\nHost: 127.0.0.1\r\n\r\n".utf8), 400, "malformed-request"),
    BadInput("HTTP/2 preface", Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8), 400, "malformed-request"),
    BadInput("no Host", Array("GET /livez HTTP/1.1\r\n\r\n".utf8), 400, "invalid-host"),
    request("two Host fields", "GET /livez", ["Host: localhost"], 400, "invalid-host"),
    request("a field without a colon", "GET /livez", ["Nonsense"], 400, "malformed-request"),
    request("a space before the colon", "GET /livez", ["X-A : 1"], 400, "malformed-request"),
    request("a folded field", "GET /livez", ["X-A: 1", " 2"], 400, "malformed-request"),
    request("NUL in a field", "GET /livez", ["X-A: 1\u{0}2"], 400, "malformed-request"),
    request(
      "length and chunks", "POST /v1/tasks", ["Content-Length: 4", "Transfer-Encoding: chunked"],
      body: Array("0\r\n\r\n".utf8), 400, "malformed-request"),
    request(
      "two lengths", "POST /v1/tasks", ["Content-Length: 4", "Content-Length: 5"], body: Array("12345".utf8), 400,
      "malformed-request"),
    request("a negative length", "POST /v1/tasks", ["Content-Length: -1"], 400, "malformed-request"),
    request("a length with a sign", "POST /v1/tasks", ["Content-Length: +1"], body: [0x31], 400, "malformed-request"),
    request("an overflowing length", "POST /v1/tasks", ["Content-Length: 99999999999999999999"], 400, "malformed-request"),
    request("an unknown transfer coding", "POST /v1/tasks", ["Transfer-Encoding: xchunked"], 400, "malformed-request"),
    request(
      "a broken chunk size", "POST /v1/tasks", ["Transfer-Encoding: chunked"], body: Array("zz\r\n{}\r\n".utf8), 400,
      "malformed-request"),
    request(
      "a chunk without its end", "POST /v1/tasks", ["Transfer-Encoding: chunked"], body: Array("2\r\n{}xx".utf8), 400,
      "malformed-request"),
    request("an unknown expectation", "POST /v1/tasks", ["Expect: a miracle"], 417, "unknown-expectation"),
  ]

  private static let targets: [BadInput] = [
    request("nothing there", "GET /nothing/here", 404, "not-found"),
    request("a doubled slash", "GET //livez", 404, "not-found"),
    request("a slash at the end", "GET /livez/", 404, "not-found"),
    request("NUL in the path", "GET /v1/tasks/a%00b", 400, "invalid-path"),
    request("an overlong escape", "GET /v1/tasks/%c0%af", 400, "invalid-path"),
    request("a broken escape", "GET /v1/tasks/%zz", 400, "invalid-path"),
    request("half an escape", "GET /v1/tasks/%4", 400, "invalid-path"),
    request("dot segments", "GET /v1/tasks/../queues", 400, "invalid-path"),
    request("escaped dot segments", "GET /v1/tasks/%2e%2E/queues", 400, "invalid-path"),
    request("a backslash", "GET /v1\\tasks", 400, "invalid-path"),
    BadInput(
      "raw bytes in the path", Array("GET /v1/tasks/".utf8) + [0xFF, 0xFE] + Array(" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".utf8),
      400, "invalid-path"),
    request("a long target", "GET /v1/tasks/" + String(repeating: "a", count: 9 << 10), 414, "uri-too-long"),
    request("a fragment", "GET /livez#part", 400, "invalid-path"),
    request("a wrong method", "DELETE /v1/tasks", 405, "method-not-allowed"),
    request("TRACE", "TRACE /livez", 405, "method-not-allowed"),
    request("CONNECT", "CONNECT example.org:443", 400, "invalid-path"),
    request("GET of a verb", "GET /v1/tasks/x:cancel", 405, "method-not-allowed"),
    request("an unknown parameter", "GET /v1/tasks?stat=PENDING", 400, "unknown-parameter"),
    request("a parameter twice", "GET /v1/tasks?limit=1&limit=2", 400, "invalid-query"),
    request("a broken escape in the query", "GET /v1/tasks?task=%g1", 400, "invalid-query"),
    request("NUL in the query", "GET /v1/tasks?task=%00", 400, "invalid-query"),
    request("a limit of 0", "GET /v1/tasks?limit=0", 400, "invalid-parameter"),
    request("a limit of 201", "GET /v1/tasks?limit=201", 400, "invalid-parameter"),
    request("a limit in words", "GET /v1/tasks?limit=ten", 400, "invalid-parameter"),
    request("a huge limit", "GET /v1/tasks?limit=99999999999999999999", 400, "invalid-parameter"),
    request("an unknown state", "GET /v1/tasks?state=STARTD", 400, "invalid-parameter"),
    request("a made-up cursor", "GET /v1/tasks?cursor=abc.def", 400, "invalid-cursor"),
    request("too long a wait", "GET /v1/tasks/x/result?wait=31", 400, "invalid-parameter"),
    request("a negative wait", "GET /v1/tasks/x/result?wait=-1", 400, "invalid-parameter"),
    request("a wait that is no number", "GET /v1/tasks/x/result?wait=nan", 400, "invalid-parameter"),
    request(
      "101 parameters", "GET /v1/tasks?" + Array(repeating: "task=a", count: 101).joined(separator: "&"), 400,
      "too-many-parameters"),
  ]

  private static let heads: [BadInput] = [
    request("101 fields", "GET /livez", (0..<101).map { "X-\($0): 1" }, 431, "header-fields-too-large"),
    request(
      "one field of 40 KiB", "GET /livez", ["X-A: " + String(repeating: "a", count: 40 << 10)], 431,
      "header-fields-too-large"),
    request(
      "many large fields", "GET /livez", (0..<9).map { "X-\($0): " + String(repeating: "b", count: 4 << 10) }, 431,
      "header-fields-too-large"),
    request("X-Forwarded-For", "GET /livez", ["X-Forwarded-For: 203.0.113.7"], 403, "untrusted-proxy"),
    request("Forwarded", "GET /livez", ["Forwarded: for=203.0.113.7"], 403, "untrusted-proxy"),
    request("X-Real-IP", "POST /v1/tasks", ["X-Real-IP: 127.0.0.1"], 403, "untrusted-proxy"),
    BadInput(
      "a foreign name for this machine", Array("GET /livez HTTP/1.1\r\nHost: evil.example:8000\r\n\r\n".utf8), 403,
      "untrusted-host"),
    request(
      "a form of another site", "POST /v1/queues/default:purge", ["Sec-Fetch-Site: cross-site"], 403,
      "cross-site-request"),
    request("an empty idempotency key", "POST /v1/tasks", ["Idempotency-Key: \"\"", "Content-Length: 22"],
      body: Array(#"{"task": "demo.echo" }"#.utf8), 400, "invalid-idempotency-key"),
  ]

  private static let media: [BadInput] = [
    request("text", "POST /v1/tasks", ["Content-Type: text/plain", "Content-Length: 2"], body: [0x7B, 0x7D], 415, "unsupported-media-type"),
    request(
      "a form", "POST /v1/queues/default:purge", ["Content-Type: application/x-www-form-urlencoded"], 415,
      "unsupported-media-type"),
    request("JSON in UTF-16", "POST /v1/tasks", ["Content-Type: application/json; charset=utf-16"], 415, "unsupported-media-type"),
    request("nearly JSON", "POST /v1/tasks", ["Content-Type: application/jsonp"], 415, "unsupported-media-type"),
    request("a packed body", "POST /v1/tasks", ["Content-Encoding: gzip"], 415, "unsupported-encoding"),
  ]

  private static let texts: [BadInput] = [
    body("an empty body", "", 400, "malformed-json"),
    body("half an object", #"{"task": "demo."#, 400, "malformed-json"),
    body("a comma too many", #"{"task": "demo.echo",}"#, 400, "malformed-json"),
    body("two values", "{} {}", 400, "malformed-json"),
    body("single quotes", "{'task': 'demo.echo'}", 400, "malformed-json"),
    body("NaN", #"{"task": "demo.echo", "args": [NaN]}"#, 400, "malformed-json"),
    body("a number beyond range", #"{"task": "demo.echo", "args": [1e999]}"#, 400, "malformed-json"),
    body("a number of 41 digits", #"{"task": "demo.echo", "args": ["# + String(repeating: "9", count: 41) + "]}", 400, "malformed-json"),
    body("a deep body", String(repeating: "[", count: 100_000), 400, "json-too-deep"),
    body("deep arguments", #"{"task": "demo.echo", "args": "# + String(repeating: "[", count: 70) + String(repeating: "]", count: 70) + "}", 400, "json-too-deep"),
    body("a key twice", #"{"task": "demo.echo", "task": "demo.add"}"#, 400, "duplicate-key"),
    body("a key twice, once escaped", #"{"task": "demo.echo", "\u0074ask": "demo.add"}"#, 400, "duplicate-key"),
    body("bytes that are no UTF-8", Array(#"{"task": ""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8), 400, "invalid-encoding"),
    body("a byte order mark", [0xEF, 0xBB, 0xBF] + Array("{}".utf8), 400, "invalid-encoding"),
    body("UTF-16", [0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00], 400, "invalid-encoding"),
    body("half a surrogate pair", #"{"task": "\ud800"}"#, 400, "invalid-encoding"),
    body("20,000 keys", "{" + (0..<20_000).map { "\"k\($0)\":0" }.joined(separator: ",") + "}", 400, "malformed-json"),
    body("a body of 2 MiB", Array(repeating: 0x20, count: 2 << 20), 413, "payload-too-large"),
    request("a declared 10 GiB", "POST /v1/tasks", ["Content-Length: 10737418240"], 413, "payload-too-large"),
    request(
      "2 MiB in chunks", "POST /v1/tasks", ["Transfer-Encoding: chunked"],
      body: Array((0..<32).map { _ in "10000\r\n" + String(repeating: " ", count: 1 << 16) + "\r\n" }.joined().utf8), 413,
      "payload-too-large"),
  ]

  private static let shapes: [BadInput] = [
    body("an array", "[]", 422, "invalid-request"),
    body("null", "null", 422, "invalid-request"),
    body("a string", #""demo.echo""#, 422, "invalid-request"),
    body("no task", "{}", 422, "invalid-request"),
    body("a task that is a number", #"{"task": 7}"#, 422, "invalid-request"),
    body("an empty task", #"{"task": ""}"#, 422, "invalid-request"),
    body("NUL in a task", #"{"task": "demo.echo\u0000"}"#, 422, "invalid-request"),
    body("a long task", #"{"task": ""# + String(repeating: "a", count: 256) + #""}"#, 422, "invalid-request"),
    body("an unknown task", #"{"task": "demo.ad", "args": [1]}"#, 404, "unknown-task"),
    body("an unknown field", #"{"task": "demo.echo", "args": [1], "que": "x"}"#, 422, "unknown-field"),
  ]

  private static let fields: [BadInput] = [
    body("args that are an object", #"{"task": "demo.echo", "args": {}}"#, 422, "invalid-request"),
    body("kwargs that are an array", #"{"task": "demo.echo", "kwargs": []}"#, 422, "invalid-request"),
    field("priority 10", #""priority": 10"#),
    field("priority -1", #""priority": -1"#),
    field("priority 5.0", #""priority": 5.0"#),
    field("priority in words", #""priority": "high""#),
    field("a huge priority", #""priority": 123456789012345678901234567890"#),
    field("a slash in a queue", #""queue": "a/b""#),
    field("a control character in a queue", #""queue": "a\u001fb""#),
    field("an empty queue", #""queue": """#),
    field("a negative countdown", #""countdown": -1"#),
    field("a countdown of ages", #""countdown": 1e300"#),
    field("an eta that is a number", #""eta": 1700000000"#),
    field("an eta in words", #""eta": "tomorrow""#),
    field("the 31st of February", #""eta": "2030-02-31T00:00:00Z""#),
    field("countdown and eta", #""countdown": 1, "eta": "2030-01-01T00:00:00Z""#),
    field("an expiry of 0", #""expires": 0"#),
    field("an expiry in words", #""expires": "soon""#),
    field("negative retries", #""retries": -1"#),
    field("a time limit of 0", #""time_limit": 0"#),
    field("a soft limit behind the hard one", #""time_limit": 1, "soft_time_limit": 2"#),
    field("an empty key", #""key": """#),
    field("tags that are numbers", #""tags": [1]"#),
    field("33 tags", #""tags": ["# + Array(repeating: #""a""#, count: 33).joined(separator: ",") + "]"),
    field("a link that is a number", #""link": 7"#),
    field("a link without a task", #""link": [{"args": []}]"#),
    field("a link to an unknown task", #""link": {"task": "demo.nothing"}"#),
    field("a link with an unknown field", #""link_error": [{"task": "demo.echo", "arg": []}]"#),
    field("a chain", #""chain": []"#, 422, "not-supported-yet"),
    field("a group", #""group": [{"task": "demo.echo"}]"#, 422, "not-supported-yet"),
    field("a chord", #""chord": {}"#, 422, "not-supported-yet"),
  ]

  private static let arguments: [BadInput] = [
    body("too few arguments", #"{"task": "demo.add"}"#, 422, "invalid-arguments"),
    body("too many arguments", #"{"task": "demo.add", "args": [1, 2, 3]}"#, 422, "invalid-arguments"),
    body("an argument of the wrong type", #"{"task": "demo.add", "args": ["one"]}"#, 422, "invalid-arguments"),
    body("an argument out of bounds", #"{"task": "demo.add", "args": [-1]}"#, 422, "invalid-arguments"),
    body("an unknown argument", #"{"task": "demo.add", "kwargs": {"x": 1, "z": 2}}"#, 422, "invalid-arguments"),
    body("an argument twice", #"{"task": "demo.add", "args": [1], "kwargs": {"x": 1}}"#, 422, "invalid-arguments"),
    body("a huge argument", #"{"task": "demo.add", "args": [99999999999999999999]}"#, 422, "invalid-arguments"),
  ]

  private static let identifiers: [BadInput] = [
    request("an unknown id", "GET /v1/tasks/no-such-task", 404, "unknown-task-id"),
    request("an encoded slash", "GET /v1/tasks/a%2Fb", 404, "unknown-task-id"),
    request("a long id", "GET /v1/tasks/" + String(repeating: "a", count: 256), 404, "unknown-task-id"),
    request("the result of an unknown id", "GET /v1/tasks/no-such-task/result", 404, "unknown-task-id"),
    request("waiting for an unknown id", "GET /v1/tasks/no-such-task/result?wait=30", 404, "unknown-task-id"),
    request("cancelling an unknown id", "POST /v1/tasks/no-such-task:cancel", 404, "unknown-task-id"),
    request("an illegal queue", "POST /v1/queues/a%2Fb:pause", 400, "invalid-queue"),
    request("an unknown verb", "POST /v1/queues/default:explode", 404, "not-found"),
    request("an unknown problem", "GET /problems/boredom", 404, "unknown-problem"),
  ]
}
