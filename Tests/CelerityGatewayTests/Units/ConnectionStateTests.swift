import Testing

@testable import CelerityGateway

@Suite struct ConnectionStateTests {
  @Test("A request that arrives in one piece needs no deadline")
  func onePiece() {
    var state = ConnectionState()
    #expect(state.on(.headRead(isLast: false)).isEmpty)
    #expect(state.on(.requestEnded).isEmpty)
    #expect(state.on(.bytesRead(completedPart: true)).isEmpty)
    #expect(state.on(.responseStarted(closes: false)).isEmpty)
    #expect(state.on(.responseEnded).isEmpty)
    #expect(state.isOpen)
  }

  @Test("A head in pieces has one deadline from its first byte; a body has its own")
  func pieces() {
    var state = ConnectionState()
    #expect(state.on(.bytesRead(completedPart: false)) == [.startHeadDeadline])
    #expect(state.on(.bytesRead(completedPart: false)).isEmpty)
    #expect(state.on(.headRead(isLast: false)) == [.cancelDeadline])
    #expect(state.on(.bytesRead(completedPart: true)) == [.startBodyDeadline])
    #expect(state.on(.bytesRead(completedPart: true)).isEmpty, "more of the body does not move its deadline")
    #expect(state.on(.requestEnded) == [.cancelDeadline])
  }

  @Test("A head that takes too long is answered and the connection ends")
  func slowHead() {
    var state = ConnectionState()
    _ = state.on(.bytesRead(completedPart: false))
    #expect(state.on(.deadlinePassed) == [.answer(.slowHead), .linger])
    #expect(!state.isOpen)
    #expect(state.on(.peerFinished) == [.close])
  }

  @Test("A fault inside a body goes to its reader, whose answer ends the connection")
  func faultInBody() {
    var state = ConnectionState()
    _ = state.on(.headRead(isLast: false))
    #expect(state.on(.failed(.malformed)) == [.failBody(.malformed)])
    #expect(state.on(.failed(.malformed)).isEmpty, "one fault is enough")
    #expect(state.on(.responseStarted(closes: true)).isEmpty)
    #expect(state.on(.responseEnded) == [.linger])
  }

  @Test("A fault behind requests that are not answered yet waits for their answers")
  func faultBehindRequests() {
    var state = ConnectionState()
    for _ in 0..<2 {
      _ = state.on(.headRead(isLast: false))
      _ = state.on(.requestEnded)
    }
    #expect(state.on(.failed(.headTooLarge)).isEmpty)
    #expect(state.on(.responseEnded).isEmpty)
    #expect(state.on(.responseEnded) == [.answer(.headTooLarge), .linger])
  }

  @Test("An answer that closes is the last, whatever was sent behind its request")
  func closingAnswer() {
    var state = ConnectionState()
    _ = state.on(.headRead(isLast: false))
    _ = state.on(.requestEnded)
    _ = state.on(.headRead(isLast: false))
    _ = state.on(.responseStarted(closes: true))
    #expect(state.on(.responseEnded) == [.linger])
  }

  @Test("What is left of a body after its answer ends the connection when it is late, without a second answer")
  func lateRest() {
    var state = ConnectionState()
    _ = state.on(.headRead(isLast: false))
    _ = state.on(.bytesRead(completedPart: true))
    _ = state.on(.responseStarted(closes: false))
    #expect(state.on(.responseEnded).isEmpty)
    #expect(state.on(.deadlinePassed) == [.linger])
  }

  @Test("A server that stops gives an unfinished body less time and leaves the rest alone")
  func quiesce() {
    var state = ConnectionState()
    #expect(state.on(.quiesced).isEmpty)
    _ = state.on(.headRead(isLast: false))
    #expect(state.on(.quiesced) == [.shortenBodyDeadline])
    #expect(state.on(.deadlinePassed) == [.failBody(.slowBody)])
  }

  @Test("After the request that is to be the last, nothing is read and its answer ends the connection")
  func lastRequest() {
    var state = ConnectionState()
    _ = state.on(.headRead(isLast: false))
    _ = state.on(.requestEnded)
    _ = state.on(.headRead(isLast: true))
    #expect(state.isOpen)
    #expect(!state.isNextAnswerLast)
    #expect(state.on(.requestEnded).isEmpty)
    #expect(!state.isOpen)
    #expect(state.on(.responseEnded).isEmpty)
    #expect(state.isNextAnswerLast)
    #expect(state.on(.responseEnded) == [.linger])
  }

  @Test("A stream is cut off some time after the server stops, whichever came first", arguments: [true, false])
  func stuckStream(_ stopsFirst: Bool) {
    var state = ConnectionState()
    _ = state.on(.headRead(isLast: false))
    _ = state.on(.requestEnded)
    if stopsFirst { #expect(state.on(.quiesced).isEmpty) }
    let started = state.on(.responseStarted(closes: true, isStream: true))
    let stopped = stopsFirst ? started : state.on(.quiesced)
    #expect(stopped == [.startStreamDeadline])
    #expect(state.on(.responseEnded) == [.linger])
  }

  @Test("A stream whose client says nothing more is at its end")
  func abandonedStream() {
    var state = ConnectionState()
    _ = state.on(.headRead(isLast: false))
    _ = state.on(.requestEnded)
    #expect(state.on(.peerFinished).isEmpty, "an answer that is not a stream is still given")
    _ = state.on(.responseStarted(closes: true, isStream: true))
    #expect(state.on(.peerFinished) == [.cutOff])
  }
}
