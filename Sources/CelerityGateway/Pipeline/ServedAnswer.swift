import CelerityRoutes
import HummingbirdCore

/// An answer that is ready to be written, and what is to be told of it afterwards.
struct ServedAnswer: Sendable {
  var response: Response
  let request: RouteRequest
  /// `nil` when no route was found.
  let route: Route?
  /// When the request arrived, on monotone time.
  let arrived: Duration
  /// The body's length, when it is known before.
  let length: Int
  let streamed: StreamedBody?
  /// Counts what is written of a body that goes out in pieces.
  let written: ByteCount?
  /// What its body takes of the room for bodies until it is written.
  let bufferedBytes: Int

  /// How many bytes of body have been written.
  var bytes: Int { written?.value ?? length }
}
