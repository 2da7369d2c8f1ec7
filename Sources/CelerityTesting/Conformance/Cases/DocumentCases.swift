import CelerityCore
import CelerityJSON

/// Documents under conditions.
enum DocumentCases {
  static let all = [
    ConformanceCase("A document is read as it was written, with its version and time", written),
    ConformanceCase("Versions count the writes of a document", versions),
    ConformanceCase("A write under a condition that fails writes nothing and says what is there", conflict),
    ConformanceCase("Writes are done all or not at all", allOrNothing),
    ConformanceCase("A document can be required not to exist", mustNotExist),
    ConformanceCase("A deleted document is gone, and may be written anew", deleted),
    ConformanceCase("Documents are read in the order of their keys", inOrder),
    ConformanceCase("A collection is listed by the bytes of its names, from a prefix, in pages", listed),
    ConformanceCase("Collections and tenants are apart", apart),
    ConformanceCase("Of concurrent writes under one version one succeeds", concurrent),
    ConformanceCase("Documents keep their bytes", bytes),
  ]

  private static let key = DocumentKey("items", "1")

  private static func write(
    _ run: ConformanceRun, _ key: DocumentKey, _ value: RawJSON?, expecting version: Int64? = nil
  ) async throws -> DocumentWriteResult {
    try await run.store.write([DocumentWrite(key, value, expecting: version)])
  }

  private static func read(_ run: ConformanceRun, _ key: DocumentKey) async throws -> Document? {
    let documents = try await run.store.documents([key])
    try run.equal(documents.count, 1, "answers")
    return documents[0]
  }

  static func written(_ run: ConformanceRun) async throws {
    try run.equal(try await read(run, key), nil, "before")
    try run.equal(try await write(run, key, .text(#"{"a":1.0}"#)), .written([1]), "answer")
    try run.equal(
      try await read(run, key), Document(key, version: 1, value: .text(#"{"a":1.0}"#), updated: run.now), "document")
  }

  static func versions(_ run: ConformanceRun) async throws {
    for version in 1...3 {
      run.time.advance(by: .seconds(1))
      try run.equal(try await write(run, key, .integer(Int64(version))), .written([Int64(version)]), "answer")
    }
    try run.equal(try await read(run, key)?.version, 3, "version")
    try run.equal(try await read(run, key)?.updated, run.now, "updated")
  }

  static func conflict(_ run: ConformanceRun) async throws {
    _ = try await write(run, key, .text("1"))
    _ = try await write(run, key, .text("2"), expecting: 1)
    try run.equal(try await write(run, key, .text("3"), expecting: 1), .conflict(key, found: 2), "an old version")
    try run.equal(try await write(run, key, .text("3"), expecting: 3), .conflict(key, found: 2), "a version to come")
    try run.equal(try await write(run, key, nil, expecting: 1), .conflict(key, found: 2), "a deletion")
    try run.equal(try await read(run, key)?.value, .text("2"), "value")
    let absent = DocumentKey("items", "none")
    try run.equal(try await write(run, absent, .text("1"), expecting: 1), .conflict(absent, found: 0), "an absent one")
  }

  static func allOrNothing(_ run: ConformanceRun) async throws {
    let other = DocumentKey("items", "2")
    _ = try await write(run, key, .text("1"))
    let refused = try await run.store.write([
      DocumentWrite(other, .text("9")), DocumentWrite(key, .text("9"), expecting: 7), DocumentWrite(other, nil),
    ])
    try run.equal(refused, .conflict(key, found: 1), "answer")
    try run.equal(try await read(run, other), nil, "the other document")
    let done = try await run.store.write([
      DocumentWrite(other, .text("2"), expecting: 0), DocumentWrite(key, .text("2"), expecting: 1),
      DocumentWrite(DocumentKey("items", "3"), nil),
    ])
    try run.equal(done, .written([1, 2, 0]), "answer")
    try run.equal(try await run.store.documents([key, other]).map { $0?.value }, [.text("2"), .text("2")], "values")
  }

  static func mustNotExist(_ run: ConformanceRun) async throws {
    try run.equal(try await write(run, key, .text("1"), expecting: 0), .written([1]), "the first")
    try run.equal(try await write(run, key, .text("2"), expecting: 0), .conflict(key, found: 1), "the second")
    try run.equal(try await read(run, key)?.value, .text("1"), "value")
  }

  static func deleted(_ run: ConformanceRun) async throws {
    for _ in 0..<2 { _ = try await write(run, key, .true) }
    try run.equal(try await write(run, key, nil, expecting: 2), .written([0]), "answer")
    try run.equal(try await read(run, key), nil, "document")
    try run.equal(try await write(run, key, .true, expecting: 0), .written([1]), "written anew")
  }

  static func inOrder(_ run: ConformanceRun) async throws {
    for name in ["a", "b"] { _ = try await write(run, DocumentKey("items", name), .string(name)) }
    let documents = try await run.store.documents(["b", "none", "a", "b"].map { DocumentKey("items", $0) })
    try run.equal(documents.map { $0?.value }, [.string("b"), nil, .string("a"), .string("b")], "values")
  }

  static func listed(_ run: ConformanceRun) async throws {
    let names = ["b", "a/2", "a/10", "a", "é", "e\u{301}", "Z", "a/", "\u{FFFD}", "😀", "a%", "a_b"]
    for name in names { _ = try await write(run, DocumentKey("items", name), .string(name)) }
    func list(_ prefix: String, after name: String? = nil, limit: Int = 100) async throws -> [String] {
      try await run.store.documents(in: "items", of: .default, prefix: prefix, after: name, limit: limit).map(
        \.key.name)
    }
    let sorted = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    func expect(_ found: [String], _ wanted: [String], _ what: String, line: UInt = #line) throws {
      try run.equal(found.map { Array($0.utf8) }, wanted.map { Array($0.utf8) }, what, line: line)
    }
    try expect(try await list(""), sorted, "all")
    try expect(try await list("a/"), ["a/", "a/10", "a/2"], "from a prefix")
    try expect(try await list("a/", after: "a/"), ["a/10", "a/2"], "after a name")
    try expect(try await list("a_"), ["a_b"], "from a prefix that is a wildcard elsewhere")
    try expect(try await list("none"), [], "from a prefix that nothing has")
    var paged: [String] = []
    while case let page = try await list("", after: paged.last, limit: 5), !page.isEmpty {
      try run.expect(page.count <= 5, "a page of \(page.count)")
      paged += page
    }
    try expect(paged, sorted, "in pages")
  }

  static func apart(_ run: ConformanceRun) async throws {
    _ = try await write(run, key, .text("1"))
    _ = try await write(run, DocumentKey("items", "1", tenant: .other), .text("2"), expecting: 0)
    _ = try await write(run, DocumentKey("users", "1"), .text("3"), expecting: 0)
    try run.equal(try await read(run, key)?.value, .text("1"), "value")
    for (collection, tenant) in [("items", Tenant.default), ("items", .other), ("users", .default)] {
      let listed = try await run.store.documents(in: collection, of: tenant, prefix: "", after: nil, limit: 9)
      try run.equal(listed.count, 1, "documents of \(collection) of \(tenant)")
    }
  }

  static func concurrent(_ run: ConformanceRun) async throws {
    _ = try await write(run, key, .null)
    let results = try await run.together(16) { try await write(run, key, .integer(Int64($0)), expecting: 1) }
    try run.equal(results.count { $0 == .written([2]) }, 1, "written")
    try run.equal(results.count { $0 == .conflict(key, found: 2) }, 15, "conflicts")
  }

  static func bytes(_ run: ConformanceRun) async throws {
    let texts = ["1.0", "1e2", #"{"b":1,"a":[ 1 ]}"#, #""\u00fc""#, "null", "123456789012345678901234567890"]
    for text in texts {
      _ = try await write(run, key, .text(text))
      try run.equal(try await read(run, key)?.value.description, text, "value")
    }
  }
}

/// Blobs.
enum BlobCases {
  static let all = [
    ConformanceCase("A blob is read as it was stored", stored),
    ConformanceCase("A blob stored again replaces the old one", replaced),
    ConformanceCase("A deleted blob is gone, and deleting says whether there was one", deleted),
    ConformanceCase("A blob may be empty, or hold a megabyte of any bytes", sizes),
    ConformanceCase("Blobs and documents of one key are apart, and so are tenants", apart),
  ]

  private static let key = DocumentKey("files", "a/b ü.pdf")

  static func stored(_ run: ConformanceRun) async throws {
    try run.equal(try await run.store.blob(key), nil, "before")
    let blob = Blob(contentType: "application/pdf; charset=binary", bytes: Array("%PDF\0\u{1}".utf8))
    try await run.store.put(blob, at: key)
    try run.equal(try await run.store.blob(key), blob, "blob")
  }

  static func replaced(_ run: ConformanceRun) async throws {
    for size in [9, 3] {
      let blob = Blob(contentType: "text/\(size)", bytes: [UInt8](repeating: UInt8(size), count: size))
      try await run.store.put(blob, at: key)
      try run.equal(try await run.store.blob(key), blob, "blob")
    }
  }

  static func deleted(_ run: ConformanceRun) async throws {
    try run.equal(try await run.store.deleteBlob(key), false, "deleted nothing")
    try await run.store.put(Blob(contentType: "a/b", bytes: [1]), at: key)
    try run.equal(try await run.store.deleteBlob(key), true, "deleted")
    try run.equal(try await run.store.blob(key), nil, "blob")
  }

  static func sizes(_ run: ConformanceRun) async throws {
    let large = (0..<1_048_576).map { UInt8(truncatingIfNeeded: $0 ^ ($0 >> 8)) }
    for (name, bytes) in [("empty", []), ("large", large)] {
      let key = DocumentKey("files", name)
      try await run.store.put(Blob(contentType: "a/b", bytes: bytes), at: key)
      try run.expect(try await run.store.blob(key)?.bytes == bytes, "the \(name) blob differs")
    }
  }

  static func apart(_ run: ConformanceRun) async throws {
    let foreign = DocumentKey("files", key.name, tenant: .other)
    try await run.store.put(Blob(contentType: "a/b", bytes: [1]), at: key)
    _ = try await run.store.write([DocumentWrite(key, .true)])
    try run.equal(try await run.store.blob(foreign), nil, "another tenant's blob")
    try run.equal(try await run.store.deleteBlob(foreign), false, "another tenant's deletion")
    _ = try await run.store.write([DocumentWrite(key, nil)])
    try run.equal(try await run.store.blob(key)?.bytes, [1], "blob")
  }
}
