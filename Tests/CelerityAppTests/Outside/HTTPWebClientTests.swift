import CelerityCore
import CelerityTesting
import NIOCore
import NIOPosix
import Testing

@testable import CelerityApp

/// A server that says to every connection what a test wants said, once something has come in.
private struct TalkingServer {
  let channel: any Channel
  var port: Int { channel.localAddress?.port ?? 0 }

  private final class Talker: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let answer: String?

    init(_ answer: String?) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      guard let answer else { return }
      context.writeAndFlush(NIOAny(ByteBuffer(string: answer)), promise: nil)
    }
  }

  /// A server with an answer; without one it keeps silent.
  static func run<Result>(_ answer: String?, _ body: (String) async throws -> Result) async throws -> Result {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Talker(answer)) }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let server = TalkingServer(channel: channel)
    do {
      let result = try await body("http://127.0.0.1:\(server.port)")
      try await channel.close()
      return result
    } catch {
      try? await channel.close()
      throw error
    }
  }
}

@Suite(.timeLimit(.minutes(2)))
struct HTTPWebClientTests {
  private let web = HTTPWebClient()

  @Test("An answer is read whole, whatever its status; redirects are answers")
  func answers() async throws {
    let answer = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/elsewhere\r\nContent-Length: 4\r\n\r\nmove"
    let response = try await TalkingServer.run(answer) { try await web.send(WebRequest("POST", $0 + "/x", body: [1])) }
    #expect(response.status == 302)
    #expect(response.body == Array("move".utf8))
    #expect(response.headers.contains { $0.name == "Location" && $0.value == "http://127.0.0.1:1/elsewhere" })
  }

  @Test("An answer that is too long is refused, told or not")
  func tooLong() async throws {
    for head in ["Content-Length: 2000", "Connection: close"] {
      let answer = "HTTP/1.1 200 OK\r\n\(head)\r\n\r\n" + String(repeating: "x", count: 2000)
      let error = await #expect(throws: WebError.self) {
        try await TalkingServer.run(answer) { try await web.send(WebRequest("GET", $0, answerLimit: 1999)) }
      }
      #expect(error?.code == .tooLong)
    }
  }

  @Test("The timeout holds for silence before the head and within the body")
  func timeouts() async throws {
    for answer in [nil, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\npart"] {
      let error = await #expect(throws: WebError.self) {
        try await TalkingServer.run(answer) { try await web.send(WebRequest("GET", $0, timeout: .milliseconds(200))) }
      }
      #expect(error?.code == .timedOut)
    }
  }

  @Test("Errors tell the host, and neither the path, the query nor the fields")
  func secrets() async throws {
    let request = WebRequest(
      "GET", "http://127.0.0.1:9/s3cret?token=s3cret", headers: [(name: "Authorization", value: "s3cret")],
      timeout: .seconds(5))
    let refused = await #expect(throws: WebError.self) { try await web.send(request) }
    #expect(refused?.code == .unreachable)
    #expect(refused?.message.contains("127.0.0.1:9") == true)
    let strange = await #expect(throws: WebError.self) {
      try await TalkingServer.run("SSH-2.0-x s3cret\r\n") { try await web.send(WebRequest("GET", $0 + "/s3cret")) }
    }
    for error in [refused, strange] { #expect(error.map { "\($0)".contains("s3cret") } == false) }
  }
}
