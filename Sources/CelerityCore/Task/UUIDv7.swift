import Synchronization

/// Hands out identifiers; injected, so that tests get the same ones each time.
public protocol IDSource: Sendable {
  /// A text never given out before.
  func next() -> String
}

/// UUIDs of version 7 (RFC 9562, 5.7): 48 bits of milliseconds, 12 bits counting within the millisecond
/// (method 1 of section 6.2), 62 random bits. Ordered by time also when the clock steps back.
public final class UUIDv7: IDSource {
  private struct State {
    var milliseconds: UInt64 = 0
    var counter: UInt64 = 0
    var random: any RandomNumberGenerator & Sendable
  }

  private let time: any TimeSource
  private let state: Mutex<State>

  /// A source on a clock and a random number generator.
  public init(
    time: any TimeSource = SystemTime(), random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
  ) {
    self.time = time
    state = Mutex(State(random: random))
  }

  public func next() -> String {
    let now = UInt64(max(0, time.now.microseconds / 1000))
    let (high, low) = state.withLock { state -> (UInt64, UInt64) in
      if now > state.milliseconds {
        state.milliseconds = now
        state.counter = state.random.next() & 0x3FF  // leaves room to count up within the millisecond
      } else {
        state.counter += 1
        if state.counter > 0xFFF {
          state.milliseconds += 1
          state.counter = 0
        }
      }
      let high = state.milliseconds << 16 | 0x7000 | state.counter
      return (high, 0x8000_0000_0000_0000 | state.random.next() >> 2)
    }
    return Self.text(high, low)
  }

  private static func text(_ high: UInt64, _ low: UInt64) -> String {
    String(unsafeUninitializedCapacity: 36) { buffer in
      var position = 0
      for index in 0..<32 {
        if index == 8 || index == 12 || index == 16 || index == 20 {
          buffer[position] = 0x2D
          position += 1
        }
        let word = index < 16 ? high : low
        let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - (index % 16) * 4)) & 0xF
        buffer[position] = digit < 10 ? 0x30 + digit : 0x57 + digit
        position += 1
      }
      return 36
    }
  }
}
