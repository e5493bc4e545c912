public import NIOCore

/// The replies of a call, decoded one by one as they are taken; see `RawResponseStream`.
///
/// A reply that cannot be decoded ends the stream with INTERNAL.
public struct ResponseStream<Message: Sendable>: AsyncSequence, Sendable {
  public typealias Element = Message
  public typealias Failure = any Error

  private let raw: RawResponseStream
  private let decode: @Sendable (ByteBuffer) throws -> Message

  /// Decodes the replies of `raw`.
  public init(_ raw: RawResponseStream, decode: @escaping @Sendable (ByteBuffer) throws -> Message) {
    self.raw = raw
    self.decode = decode
  }

  /// An iterator over the replies.
  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(raw: raw.makeAsyncIterator(), decode: decode)
  }

  /// Takes one reply after another.
  public struct AsyncIterator: AsyncIteratorProtocol {
    private var raw: RawResponseStream.AsyncIterator?
    private let decode: @Sendable (ByteBuffer) throws -> Message

    fileprivate init(raw: RawResponseStream.AsyncIterator, decode: @escaping @Sendable (ByteBuffer) throws -> Message) {
      self.raw = raw
      self.decode = decode
    }

    /// The next reply; nil after the last. Throws an `RPCError`, once.
    public mutating func next() async throws -> Message? {
      try await next(isolation: nil)
    }

    /// The next reply; nil after the last. Throws an `RPCError`, once.
    public mutating func next(isolation actor: isolated (any Actor)?) async throws -> Message? {
      guard let reply = try await raw?.next(isolation: actor) else { return nil }
      do {
        return try decode(reply)
      } catch {
        raw = nil
        if error is RPCError { throw error }
        throw RPCError(.internal, "a reply could not be decoded", cause: error)
      }
    }
  }
}

/// Sends the requests of a call, encoded one by one; see `RawRequestWriter`.
public struct RequestWriter<Message: Sendable>: Sendable {
  private let raw: RawRequestWriter
  private let encode: @Sendable (Message, inout ByteBuffer) throws -> Void

  /// Encodes what it sends to `raw`.
  public init(_ raw: RawRequestWriter, encode: @escaping @Sendable (Message, inout ByteBuffer) throws -> Void) {
    self.raw = raw
    self.encode = encode
  }

  /// Sends a request after those before it; waits while the server, or the connection, takes no more.
  ///
  /// - Parameter mayCompress: false sends this one plain in a call that compresses its requests.
  /// - Throws: the encoder's error, or an `RPCError` once the call has ended.
  public func write(_ message: Message, mayCompress: Bool = true) async throws {
    var buffer = ByteBuffer()
    try encode(message, &buffer)
    try await raw.write(buffer, mayCompress: mayCompress)
  }

  /// Says that no request follows. Not needed at the end of a call's closure.
  public func finish() {
    raw.finish()
  }
}
