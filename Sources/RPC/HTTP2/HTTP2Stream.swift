internal import NIOCore

/// One stream of a session: what it still has to send, and what happens to it.
///
/// Server and client subclass it for their calls. Everything here happens on the connection's event loop; the session
/// keeps the stream until ``closed(_:)`` was called.
package class HTTP2Stream {
  /// How a stream's own half ends once its messages are sent.
  enum Ending {
    case open
    case endStream
    case trailers(HeaderFields)
  }

  /// The number on the wire; 0 until the session has given one.
  package internal(set) var id: Int32 = 0

  /// The session, from the opening to the closing of the stream.
  package internal(set) var session: HTTP2Session?

  /// Whether the peer has ended its half.
  package internal(set) var remoteEnded = false

  /// Whether the last header block went past the session's limit; the fields past it were dropped.
  package internal(set) var headersTooLarge = false

  /// Messages, not yet on the wire, with their prefixes.
  var outgoing = FrameWriter()
  var ending = Ending.open
  var headerListBytes = 0
  /// Whether nghttp2 waits to be told of data (it asked, and there was none).
  var isDeferred = false

  init() {}

  /// How many bytes, prefixes included, wait for the peer's window.
  package var outgoingBytes: Int { outgoing.pendingBytes }

  // MARK: What happens to the stream; for subclasses

  /// A field of a header block that is still arriving. The pointers are valid during the call alone.
  package func receivedHeader(_ known: KnownHeader, name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {}

  /// A header block is complete. `isTrailers` says that messages came before it, or may have.
  package func receivedHeaders(isTrailers: Bool) {}

  /// Bytes of the peer's messages, valid during the call alone. The connection's credit has been returned; the
  /// stream's is returned with ``HTTP2Session/returnCredit(_:to:)``.
  package func receivedData(_ bytes: UnsafeRawBufferPointer) {}

  /// The peer has ended its half; this comes after the headers or the data that said so.
  package func receivedEnd() {}

  /// `count` bytes of what was sent have left for the wire.
  package func wroteOutgoing(_ count: Int) {}

  /// The stream is gone, for whatever reason, and `session` is nil. Called once.
  package func closed(_ code: HTTP2ErrorCode) {}
}
