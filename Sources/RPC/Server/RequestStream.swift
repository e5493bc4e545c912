public import NIOCore

/// The messages that a client streams, as bytes; one task iterates it once.
///
/// What was not taken yet holds the client back: it may send no more than the stream's window ahead. Iteration throws
/// `RPCError` `.cancelled` when the client gives up or the connection is lost.
public struct RawRequestStream: AsyncSequence, Sendable {
  public typealias Element = ByteBuffer

  let inbox: MessageInbox
  let context: ServerContext
  let messageBytesMax: Int

  /// Starts to read.
  public func makeAsyncIterator() -> Iterator {
    Iterator(inbox: inbox, context: context, messageBytesMax: messageBytesMax)
  }

  /// Takes message after message.
  public struct Iterator: AsyncIteratorProtocol {
    let inbox: MessageInbox
    let context: ServerContext
    let messageBytesMax: Int

    /// The next message, or nil once the client has sent its last. A compressed one is inflated here.
    public mutating func next() async throws -> ByteBuffer? {
      guard let message = try await inbox.next() else { return nil }
      return try context.contents(message, bytesMax: messageBytesMax)
    }
  }
}

/// The messages that a client streams, decoded; one task iterates it once.
public struct RequestStream<Message: Sendable>: AsyncSequence, Sendable {
  public typealias Element = Message

  private let raw: RawRequestStream
  private let decode: @Sendable (ByteBuffer) throws -> Message

  /// Decodes what `raw` brings.
  public init(_ raw: RawRequestStream, decode: @escaping @Sendable (ByteBuffer) throws -> Message) {
    self.raw = raw
    self.decode = decode
  }

  /// Starts to read.
  public func makeAsyncIterator() -> Iterator { Iterator(raw: raw.makeAsyncIterator(), decode: decode) }

  /// Takes message after message.
  public struct Iterator: AsyncIteratorProtocol {
    var raw: RawRequestStream.Iterator
    let decode: @Sendable (ByteBuffer) throws -> Message

    /// The next message, or nil once the client has sent its last.
    public mutating func next() async throws -> Message? {
      guard let bytes = try await raw.next() else { return nil }
      return try decode(bytes)
    }
  }
}
