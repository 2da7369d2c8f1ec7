import Testing

@testable import RESPClient

@Suite struct EndpointTests {
  static let urls: [(String, String)] = [
    ("redis://", "redis://localhost:6379/0"),
    ("redis://localhost", "redis://localhost:6379/0"),
    ("redis://127.0.0.1:6380/3", "redis://127.0.0.1:6380/3"),
    ("redis://:secret@h/1", "redis://h:6379/1"),
    ("redis://user:p%40ss:word@h:1/", "redis://h:1/0"),
    ("redis://h?db=4", "redis://h:6379/4"),
    ("redis://[::1]:6379/0", "redis://[::1]:6379/0"),
    ("rediss://h/2?ssl_cert_reqs=CERT_NONE", "rediss://h:6379/2"),
    ("redis+socket:///run/redis.sock?virtual_host=5", "redis+socket:///run/redis.sock?virtual_host=5"),
    ("sentinel://a:1,b/2?master_name=m", "sentinel://a:1,b:26379/2?master_name=m"),
    ("sentinel://a:1/0?master_name=m;sentinel://b:2/0", "sentinel://a:1,b:2/0?master_name=m"),
    ("sentinel://a:1;sentinel://b:2/3?master_name=m", "sentinel://a:1,b:2/3?master_name=m"),
    ("sentinel://a:1/1?master_name=m;sentinel://b:2/3?master_name=n", "sentinel://a:1,b:2/1?master_name=m"),
  ]

  @Test("URLs are read and shown without secrets", arguments: urls) func reads(_ url: String, _ shown: String) throws {
    let endpoint = try RedisEndpoint(url: url)
    #expect(endpoint.description == shown)
    #expect(!endpoint.description.contains("secret"))
  }

  @Test("what any of several URLs says of the sentinels holds for all") func sentinels() throws {
    let endpoint = try RedisEndpoint(
      url: "sentinel://a:1;sentinel://:pass@b:2/3?master_name=m&sentinel_password=word;sentinel://c?sentinel_username=u"
    )
    #expect(endpoint.description == "sentinel://a:1,b:2,c:26379/3?master_name=m")
    #expect(endpoint.password == "pass")
    #expect(endpoint.sentinelUser == "u" && endpoint.sentinelPassword == "word")
    #expect(throws: RedisError.self) {
      try RedisEndpoint(url: "sentinel://a:1?master_name=m;sentinel://b:2?colour=red")
    }
  }

  @Test("user and password are decoded") func credentials() throws {
    let endpoint = try RedisEndpoint(url: "redis://me:p%40ss@w@h")
    #expect(endpoint.user == "me")
    #expect(endpoint.password == "p@ss@w")
  }

  @Test(
    "impossible URLs are refused with a reason and without the password",
    arguments: [
      "localhost:6379", "amqp://h", "redis://h:0", "redis://h:99999", "redis://h:x", "redis://h/abc", "redis://h/-1",
      "redis://onlyuser@h", "redis://:secret@h?colour=red", "redis://:secret@h/%zz", "sentinel://h/0",
      "rediss://h?ssl_cert_reqs=maybe",
    ])
  func refuses(_ url: String) {
    let error = #expect(throws: RedisError.self) { try RedisEndpoint(url: url) }
    #expect(error?.code == .invalidURL)
    #expect(error?.message.contains("secret") == false)
  }
}
