import CelerityCore
import CelerityJSON
import CelerityTesting
import Testing

@testable import Items

@Suite struct ListTests {
  private let platform = TestPlatform()

  private func names(_ query: String) async throws -> [String] {
    try await platform.call("GET", "/api/items" + query).body.texts("name")
  }

  @Test("S3.03: items come newest first, in pages that add up")
  func pages() async throws {
    #expect(try await platform.call("GET", "/api/items").body == .emptyArray)
    for number in 0..<450 { _ = try await platform.create("\(number)") }
    let all = (0..<450).reversed().map(String.init)
    #expect(try await names("") == Array(all.prefix(100)))
    #expect(try await names("?limit=1000") == all)
    #expect(try await names("?limit=3&skip=0") == ["449", "448", "447"])
    #expect(try await names("?skip=205&limit=7") == Array(all[205..<212]))
    #expect(try await names("?skip=448") == ["1", "0"])
    #expect(try await names("?skip=450") == [])
    #expect(try await names("?skip=100000") == [])
  }

  @Test("A page behind an item neither repeats nor misses items because others come and go")
  func cursor() async throws {
    var ids: [String] = []
    for number in 0..<6 { ids.append(try await platform.create("\(number)")) }
    #expect(try await names("?limit=2") == ["5", "4"])
    _ = try await platform.create("new")
    try await platform.call("DELETE", "/api/items/\(ids[4])")
    #expect(try await names("?limit=2&after=\(ids[4])") == ["3", "2"])
    #expect(try await names("?after=\(ids[2])&skip=1") == ["0"])
  }

  @Test("S3.03: a page costs as many reads as it has portions, wherever it is")
  func cost() async throws {
    for number in 0..<450 { _ = try await platform.create("\(number)") }
    let before = platform.documents.reads
    _ = try await names("?limit=100")
    #expect(platform.documents.reads - before == 1)
    _ = try await names("?skip=300&limit=100")
    #expect(platform.documents.reads - before == 3)
  }

  @Test(
    "S3.03: parameters that can't be are 422",
    arguments: [
      "skip=-1", "skip=100001", "skip=x", "limit=0", "limit=1001", "limit=-5", "limit=", "after=x",
      "limit=1&limit=2",
    ])
  func refused(query: String) async throws {
    let answer = try await platform.call("GET", "/api/items?\(query)")
    #expect(answer.status == 422)
    #expect(answer.body["status_code"]?.int64Value == 422)
  }

  @Test("Each tenant has items of its own")
  func tenants() async throws {
    let other = try #require(Tenant("other"))
    let id = try await platform.create("mine")
    #expect(try await platform.call("GET", "/api/items/\(id)", tenant: other).status == 404)
    #expect(try await platform.call("GET", "/api/items", tenant: other).body == .emptyArray)
    #expect(try await platform.call("DELETE", "/api/items/\(id)", tenant: other).status == 404)
    #expect(try await names("") == ["mine"])
  }

  @Test("Ids are in the order of creation, and names of documents in the opposite one")
  func order() throws {
    let moments = [0, 1, 16, 4_000, 1_795_237_200_000_000, 4_503_599_627_370_495].map(Timestamp.init(microseconds:))
    let ids = moments.map { ItemID(at: $0, unique: "u") }
    #expect(ids.map(\.text) == ids.map(\.text).sorted())
    #expect(ids.map(\.documentName) == ids.map(\.documentName).sorted(by: >))
    for id in ids { #expect(ItemID(id.text) == id && id.text.count == 24) }
    #expect(ItemID(at: moments[4], unique: "a") != ItemID(at: moments[4], unique: "b"))
  }
}
