extension BadInput {
  /// Texts that are no JSON, or too much of it.
  static let texts: [BadInput] = [
    body("an empty body", "", is: 400, "malformed-json"),
    body("half an object", #"{"task": "demo."#, is: 400, "malformed-json"),
    body("a comma too many", #"{"task": "demo.echo",}"#, is: 400, "malformed-json"),
    body("two values", "{} {}", is: 400, "malformed-json"),
    body("single quotes", "{'task': 'demo.echo'}", is: 400, "malformed-json"),
    body("NaN", #"{"task": "demo.echo", "args": [NaN]}"#, is: 400, "malformed-json"),
    body("a number beyond range", #"{"task": "demo.echo", "args": [1e999]}"#, is: 400, "malformed-json"),
    body("a number of 41 digits", #"{"task": "demo.echo", "args": [\#(filler(41, "9"))]}"#, is: 400, "malformed-json"),
    body("a deep body", filler(100_000, "["), is: 400, "json-too-deep"),
    body(
      "deep arguments", #"{"task": "demo.echo", "args": \#(filler(70, "["))\#(filler(70, "]"))}"#, is: 400,
      "json-too-deep"),
    body("a key twice", #"{"task": "demo.echo", "task": "demo.add"}"#, is: 400, "duplicate-key"),
    body("a key twice, once escaped", #"{"task": "demo.echo", "\u0074ask": "demo.add"}"#, is: 400, "duplicate-key"),
    body("bytes that are no UTF-8", brokenUTF8, is: 400, "invalid-encoding"),
    body("a byte order mark", [0xEF, 0xBB, 0xBF, 0x7B, 0x7D], is: 400, "invalid-encoding"),
    body("UTF-16", [0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00], is: 400, "invalid-encoding"),
    body("half a surrogate pair", #"{"task": "\ud800"}"#, is: 400, "invalid-encoding"),
    body("20,000 keys", manyKeys, is: 400, "malformed-json"),
    body("a body of 2 MiB", Array(repeating: 0x20, count: 2 << 20), is: 413, "payload-too-large"),
    request("a declared 10 GiB", "POST /v1/tasks", ["Content-Length: 10737418240"], is: 413, "payload-too-large"),
    request(
      "2 MiB in chunks", "POST /v1/tasks", ["Transfer-Encoding: chunked"],
      body: twoMebibytesInChunks, is: 413,
      "payload-too-large"),
  ]

  /// Bodies of the wrong shape.
  static let shapes: [BadInput] = [
    body("an array", "[]", is: 422, "invalid-request"),
    body("null", "null", is: 422, "invalid-request"),
    body("a string", #""demo.echo""#, is: 422, "invalid-request"),
    body("no task", "{}", is: 422, "invalid-request"),
    body("a task that is a number", #"{"task": 7}"#, is: 422, "invalid-request"),
    body("an empty task", #"{"task": ""}"#, is: 422, "invalid-request"),
    body("NUL in a task", #"{"task": "demo.echo\u0000"}"#, is: 422, "invalid-request"),
    body("a long task", #"{"task": "\#(filler(256))"}"#, is: 422, "invalid-request"),
    body("an unknown task", #"{"task": "demo.ad", "args": [1]}"#, is: 404, "unknown-task"),
    body("an unknown field", #"{"task": "demo.echo", "args": [1], "que": "x"}"#, is: 422, "unknown-field"),
  ]

  /// Fields of a submission.
  static let fields: [BadInput] = [
    body("args that are an object", #"{"task": "demo.echo", "args": {}}"#, is: 422, "invalid-request"),
    body("kwargs that are an array", #"{"task": "demo.echo", "kwargs": []}"#, is: 422, "invalid-request"),
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
    field("33 tags", #""tags": [\#(filler(32, #""a","#))"a"]"#),
    field("a link that is a number", #""link": 7"#),
    field("a link without a task", #""link": [{"args": []}]"#),
    field("a link to an unknown task", #""link": {"task": "demo.nothing"}"#),
    field("a link with an unknown field", #""link_error": [{"task": "demo.echo", "arg": []}]"#),
    field("an empty chain", #""chain": []"#),
    field("a chain that is an object", #""chain": {"task": "demo.echo"}"#),
    field("a chain of numbers", #""chain": [7]"#),
    field("a step without a task", #""chain": [{"args": []}]"#),
    field("a step with an unknown field", #""chain": [{"task": "demo.echo", "arg": 1}]"#),
    field("a step with a bad queue", #""chain": [{"task": "demo.echo", "queue": "a/b"}]"#),
    field("a step of an unknown kind", #""chain": [{"task": "demo.nothing"}]"#, is: 404, "unknown-task"),
    field(
      "a step that is told twice when",
      #""chain": [{"task": "demo.echo", "countdown": 1, "eta": "2030-01-01T00:00:00Z"}]"#),
    field("a task and a group", #""group": [{"task": "demo.echo"}]"#),
    field("a task and a chord", #""chord": {"header": [{"task": "demo.echo"}], "body": {"task": "demo.echo"}}"#),
    field("an empty chord", #""chord": {}"#),
    field("a signature of an unknown type", #""chain": [{"task": "celery.x", "subtask_type": "x"}]"#),
    field("a signature with nothing in it", #""chain": [{"task": "celery.chain", "subtask_type": "chain"}]"#),
    field("steps inside of steps without an end", "\"chain\": " + filler(20, "[{\"chain\":") + "[]" + filler(20, "}]")),
  ]

  /// Arguments that do not fit the task.
  static let arguments: [BadInput] = [
    body("too few arguments", #"{"task": "demo.add"}"#, is: 422, "invalid-arguments"),
    body("too many arguments", #"{"task": "demo.add", "args": [1, 2, 3]}"#, is: 422, "invalid-arguments"),
    body("an argument of the wrong type", #"{"task": "demo.add", "args": ["one"]}"#, is: 422, "invalid-arguments"),
    body("an argument out of bounds", #"{"task": "demo.add", "args": [-1]}"#, is: 422, "invalid-arguments"),
    body("an unknown argument", #"{"task": "demo.add", "kwargs": {"x": 1, "z": 2}}"#, is: 422, "invalid-arguments"),
    body("an argument twice", #"{"task": "demo.add", "args": [1], "kwargs": {"x": 1}}"#, is: 422, "invalid-arguments"),
    body("a huge argument", #"{"task": "demo.add", "args": [99999999999999999999]}"#, is: 422, "invalid-arguments"),
  ]

  /// Names of what is not there.
  static let identifiers: [BadInput] = [
    request("an unknown id", "GET /v1/tasks/no-such-task", is: 404, "unknown-task-id"),
    request("an encoded slash", "GET /v1/tasks/a%2Fb", is: 404, "unknown-task-id"),
    request("a long id", "GET /v1/tasks/\(filler(256))", is: 404, "unknown-task-id"),
    request("the result of an unknown id", "GET /v1/tasks/no-such-task/result", is: 404, "unknown-task-id"),
    request("waiting for an unknown id", "GET /v1/tasks/no-such-task/result?wait=30", is: 404, "unknown-task-id"),
    request("cancelling an unknown id", "POST /v1/tasks/no-such-task:cancel", is: 404, "unknown-task-id"),
    request("an illegal queue", "POST /v1/queues/a%2Fb:pause", is: 400, "invalid-queue"),
    request("an unknown verb", "POST /v1/queues/default:explode", is: 405, "method-not-allowed"),
    request("an unknown problem", "GET /problems/boredom", is: 404, "unknown-problem"),
  ]

  private static let brokenUTF8 = Array(#"{"task": ""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8)
  private static let manyKeys = "{" + (0..<20_000).map { "\"k\($0)\":0" }.joined(separator: ",") + "}"
  private static let twoMebibytesInChunks = Array(filler(32, "10000\r\n" + filler(1 << 16, " ") + "\r\n").utf8)
}
