public import NIOCore

/// Sends a handler's stream of messages, as bytes. It may be used from any task of the handler, until it returns.
public struct RawResponseWriter: Sendable {
  let outbox: MessageOutbox
  let context: ServerContext
  let flushHeaders: @Sendable () -> Void

  /// Sends a message after those before it; suspends while the client does not take what was written.
  ///
  /// - Throws: `RPCError` when the call is over, `CancellationError` when the task is cancelled while it waits.
  public func write(_ message: ByteBuffer) async throws {
    try await outbox.write(context.framed(message))
  }

  /// Sends the initial metadata now rather than with the first message, so that the client knows that the call lives.
  public func sendInitialMetadata() {
    _ = context.settlesGzip()
    flushHeaders()
  }
}

/// Sends a handler's stream of messages. It may be used from any task of the handler, until it returns.
public struct ResponseWriter<Message: Sendable>: Sendable {
  private let raw: RawResponseWriter
  private let encode: @Sendable (Message, inout ByteBuffer) throws -> Void

  /// Encodes what is written, and hands it to `raw`.
  public init(_ raw: RawResponseWriter, encode: @escaping @Sendable (Message, inout ByteBuffer) throws -> Void) {
    self.raw = raw
    self.encode = encode
  }

  /// Sends a message after those before it; suspends while the client does not take what was written.
  ///
  /// - Throws: `RPCError` when the call is over, `CancellationError` when the task is cancelled while it waits, and what
  ///   encoding throws.
  public func write(_ message: Message) async throws {
    var bytes = ByteBuffer()
    try encode(message, &bytes)
    try await raw.write(bytes)
  }

  /// Like ``write(_:)``, for a message that is encoded already; the bytes may be shared with other calls.
  public func write(encoded message: ByteBuffer) async throws {
    try await raw.write(message)
  }

  /// Sends the initial metadata now rather than with the first message, so that the client knows that the call lives.
  public func sendInitialMetadata() {
    raw.sendInitialMetadata()
  }
}
