extension BadInput {
  /// Bulk submissions that are refused as a whole.
  static let bulk: [BadInput] = [
    bulk("an empty bulk body as an array", "", is: 400, "malformed-json"),
    bulk("bulk half an array", #"[{"task": "demo.echo"}"#, is: 400, "malformed-json"),
    bulk("bulk a comma too many", "[1,]", is: 400, "malformed-json"),
    bulk("bulk two arrays", "[] []", is: 400, "malformed-json"),
    bulk("bulk crossed brackets", #"[{"a":1]}"#, is: 400, "malformed-json"),
    bulk("bulk an object", #"{"task": "demo.echo"}"#, is: 422, "invalid-request"),
    bulk("bulk a string", #""[]""#, is: 422, "invalid-request"),
    bulk("bulk a byte order mark", "\u{FEFF}[]", is: 400, "invalid-encoding"),
    bulk("bulk deep items", "[\(filler(100_000, "["))", is: 400, "json-too-deep"),
    bulk("bulk a key twice", #"[{"task": "demo.echo", "task": "demo.add"}]"#, is: 400, "duplicate-key"),
    bulk("10,001 bulk items", "[" + filler(10_000, "0,") + "0]", is: 413, "too-many-items"),
    bulk("a million bulk items", "[" + filler(1_000_000, "0,") + "0]", is: 413, "too-many-items"),
    bulk("10,001 bulk lines", filler(10_001, "0\n"), type: "application/x-ndjson", is: 413, "too-many-items"),
    bulk("bulk as a form", "tasks=1", type: "application/x-www-form-urlencoded", is: 415, "unsupported-media-type"),
    bulk("bulk lines in UTF-16", "1", type: "application/jsonl; charset=utf-16", is: 415, "unsupported-media-type"),
    request(
      "a bulk body of 10 GiB", "POST /v1/tasks:bulk", ["Content-Length: 10737418240"], is: 413, "payload-too-large"),
    request("GET of the bulk verb", "GET /v1/tasks:bulk", is: 405, "method-not-allowed"),
    request("a bulk parameter", "POST /v1/tasks:bulk?atomic=1", is: 400, "unknown-parameter"),
  ]

  private static func bulk(
    _ name: String, _ body: String, type: String = "application/json", is status: Int, _ code: String
  ) -> BadInput {
    request(
      name, "POST /v1/tasks:bulk", ["Content-Type: \(type)", "Content-Length: \(body.utf8.count)"],
      body: Array(body.utf8), is: status, code)
  }
}
