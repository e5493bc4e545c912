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
    if let waiting = try accepts(message) { try await outbox.write(waiting) }
  }

  /// Hands a message over without waiting; gives it back as it is to travel when the outbox is full.
  func accepts(_ message: ByteBuffer) throws -> FramedMessage? {
    let framed = context.framed(message)
    return try outbox.accepts(framed) ? nil : framed
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
    // Only a writer that must wait pays for waiting, in time and in the memory of its task.
    if let waiting = try accepts(message) { try await raw.outbox.write(waiting) }
  }

  private func accepts(_ message: Message) throws -> FramedMessage? {
    var bytes = ByteBuffer()
    try encode(message, &bytes)
    return try raw.accepts(bytes)
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
