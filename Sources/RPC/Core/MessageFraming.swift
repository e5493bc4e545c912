internal import DequeModule
package import NIOCore

/// What is wrong with a stream of length-prefixed messages.
package enum FramingError: Error, Hashable {
  /// A message announces more bytes than the limit allows; none of them were kept.
  case messageTooLarge(announced: Int, limit: Int)
  /// A message says that it is compressed, on a stream that named no compression.
  case compressedWithoutEncoding
  /// The first byte of the prefix is neither 0 nor 1.
  case badFlag(UInt8)
  /// The stream ended inside a message.
  case truncated
  /// A compressed message is no gzip, is cut off, or goes on after its end.
  case notGzip
  /// A compressed message holds more bytes than the limit allows; it was inflated no further.
  case inflatesPastLimit(limit: Int)

  /// The error that ends the call.
  package var rpcError: RPCError {
    switch self {
    case .messageTooLarge(let announced, let limit):
      RPCError(.resourceExhausted, "a message of \(announced) bytes is over the limit of \(limit) bytes")
    case .compressedWithoutEncoding:
      RPCError(.internal, "a message is flagged as compressed, but grpc-encoding names no compression")
    case .badFlag(let flag):
      RPCError(.internal, "a message's prefix starts with \(flag), which is neither 0 nor 1")
    case .truncated:
      RPCError(.internal, "the stream ended inside a message")
    case .notGzip:
      RPCError(.internal, "a message is flagged as compressed, but is no gzip from its first byte to its last")
    case .inflatesPastLimit(let limit):
      RPCError(.resourceExhausted, "a message inflates to more than the limit of \(limit) bytes")
    }
  }
}

/// Takes messages out of a stream of bytes that arrives in pieces of any size.
///
/// It holds at most one unfinished message, and never more memory than a small multiple of what has arrived: an
/// announced length alone reserves no more than ``reserveMax``.
package struct FrameReader {
  /// What an announced length may reserve before its bytes are there.
  package static let reserveMax = 64 * 1024

  private enum State {
    case prefix(value: UInt64, bytes: Int)
    case body(FramedMessage, missing: Int)
    case failed(FramingError)
  }

  private var state = State.prefix(value: 0, bytes: 0)
  private let messageBytesMax: Int

  /// Whether messages may be compressed: their stream named a compression.
  package var allowsCompression = false

  /// A reader that refuses messages of more than `messageBytesMax` bytes.
  package init(messageBytesMax: Int) {
    self.messageBytesMax = messageBytesMax
  }

  /// How many bytes of an unfinished message, prefix included, it holds.
  package var unfinishedBytes: Int {
    switch state {
    case .prefix(_, let bytes): bytes
    case .body(let body, _): GRPCPrefix.length + body.readableBytes
    case .failed: 0
    }
  }

  /// The next message, or nil when `bytes` are used up. Call again until it returns nil; what it used is taken off
  /// the front of `bytes`. After an error it throws the same error for ever.
  package mutating func next(_ bytes: inout UnsafeRawBufferPointer.SubSequence) throws(FramingError) -> FramedMessage? {
    while true {
      switch state {
      case .prefix(var value, var count):
        while count < GRPCPrefix.length {
          guard let byte = bytes.popFirst() else {
            state = .prefix(value: value, bytes: count)
            return nil
          }
          value = value << 8 | UInt64(byte)
          count += 1
        }
        let (length, isCompressed) = try announcement(value)
        if length <= bytes.count {
          let body = bytes.prefix(length)
          bytes = bytes.dropFirst(length)
          state = .prefix(value: 0, bytes: 0)
          return FramedMessage(
            ByteBuffer(bytes: UnsafeRawBufferPointer(rebasing: body)), isCompressed: isCompressed)
        }
        var body = FramedMessage(ByteBuffer(), isCompressed: isCompressed)
        body.bytes.reserveCapacity(min(length, Self.reserveMax))
        state = .body(body, missing: length)

      case .body(var body, let missing):
        let piece = bytes.prefix(missing)
        guard !piece.isEmpty else { return nil }
        state = .prefix(value: 0, bytes: 0)  // so that `body` is the buffer's one owner and appends in place
        body.bytes.writeBytes(UnsafeRawBufferPointer(rebasing: piece))
        bytes = bytes.dropFirst(piece.count)
        if piece.count == missing { return body }
        state = .body(body, missing: missing - piece.count)
        return nil

      case .failed(let error):
        throw error
      }
    }
  }

  /// Says that no more bytes come. Throws ``FramingError/truncated`` when a message is unfinished.
  package mutating func end() throws(FramingError) {
    switch state {
    case .prefix(_, let bytes):
      if bytes > 0 { throw fail(.truncated) }
    case .body:
      throw fail(.truncated)
    case .failed(let error):
      throw error
    }
  }

  private mutating func announcement(
    _ prefix: UInt64
  ) throws(FramingError) -> (length: Int, isCompressed: Bool) {
    let flag = UInt8(truncatingIfNeeded: prefix >> 32)
    let length = Int(prefix & 0xFFFF_FFFF)
    if flag > 1 { throw fail(.badFlag(flag)) }
    if flag == 1, !allowsCompression { throw fail(.compressedWithoutEncoding) }
    // What does not compress grows a little.
    let slack = flag == 1 ? messageBytesMax / 1024 + 64 : 0
    if length - slack > messageBytesMax { throw fail(.messageTooLarge(announced: length, limit: messageBytesMax)) }
    return (length, flag == 1)
  }

  private mutating func fail(_ error: FramingError) -> FramingError {
    state = .failed(error)
    return error
  }
}

/// The five bytes before every message: a flag for compression and the length, big-endian.
package enum GRPCPrefix {
  /// In bytes.
  package static let length = 5

  /// The byte at `index` of the prefix of a message.
  package static func byte(at index: Int, messageLength: Int, isCompressed: Bool = false) -> UInt8 {
    index == 0
      ? (isCompressed ? 1 : 0) : UInt8(truncatingIfNeeded: messageLength >> (8 * (GRPCPrefix.length - 1 - index)))
  }
}

/// Messages on their way out, given to the wire in pieces of any size.
///
/// A message is not copied until it is written; its prefix is made on the way.
package struct FrameWriter {
  private struct Pending {
    var prefixLeft: Int
    let length: Int
    let isCompressed: Bool
    var body: ByteBuffer

    var bytes: Int { prefixLeft + body.readableBytes }
  }

  private var first: Pending?
  private var rest = Deque<Pending>()

  /// How many bytes, prefixes included, wait to be written.
  package private(set) var pendingBytes = 0

  /// Nothing to write.
  package init() {}

  /// Whether everything has been written.
  package var isEmpty: Bool { first == nil }

  /// Adds a message of at most 2³² − 1 bytes after those that wait.
  package mutating func append(_ message: FramedMessage) {
    let pending = Pending(
      prefixLeft: GRPCPrefix.length, length: message.readableBytes, isCompressed: message.isCompressed,
      body: message.bytes)
    pendingBytes += pending.bytes
    if first == nil { first = pending } else { rest.append(pending) }
  }

  /// Moves `count` bytes, at most ``pendingBytes``, to the end of `output`.
  package mutating func write(_ count: Int, to output: inout ByteBuffer) {
    var left = min(count, pendingBytes)
    pendingBytes -= left
    while left > 0, var pending = first {
      first = nil  // so that `pending` is the body's one owner
      while left > 0, pending.prefixLeft > 0 {
        let index = GRPCPrefix.length - pending.prefixLeft
        output.writeInteger(
          GRPCPrefix.byte(at: index, messageLength: pending.length, isCompressed: pending.isCompressed))
        pending.prefixLeft -= 1
        left -= 1
      }
      let piece = min(left, pending.body.readableBytes)
      if piece > 0 {
        output.writeWithUnsafeMutableBytes(minimumWritableBytes: piece) { target in
          pending.body.readWithUnsafeReadableBytes { source in
            target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source.prefix(piece)))
            return piece
          }
        }
        left -= piece
      }
      if pending.bytes > 0 {
        first = pending
      } else {
        first = rest.popFirst()
      }
    }
  }

  /// Forgets what waits.
  package mutating func removeAll() {
    first = nil
    rest.removeAll(keepingCapacity: false)
    pendingBytes = 0
  }
}
