internal import CZlib
package import NIOCore
internal import Synchronization

/// The compressions that `grpc-encoding` may name here.
package enum MessageEncoding {
  /// What `grpc-accept-encoding` says.
  package static let accepted = "identity,gzip"

  /// Whether a list such as that of `grpc-accept-encoding` has gzip in it.
  package static func acceptsGzip(_ list: UnsafeRawBufferPointer) -> Bool {
    var rest = list[...]
    while !rest.isEmpty {
      let item = rest.prefix { $0 != UInt8(ascii: ",") }
      if item.drop(while: { $0 == 0x20 }).prefix(while: { $0 != 0x20 }).elementsEqual("gzip".utf8) { return true }
      rest = rest.dropFirst(item.count + 1)
    }
    return false
  }
}

/// Whole messages to gzip and back, on any thread.
///
/// zlib's state is made when it is first needed and kept for the next message, whosever that is; messages that come
/// at the same time on several threads use one each.
package enum Gzip {
  /// `message` as gzip, or nil when it would not become smaller or there is no memory.
  ///
  /// It is compressed for speed: the thread may be that of many connections.
  package static func compress(_ message: ByteBuffer) -> ByteBuffer? {
    guard let stream = deflaters.take() ?? ZlibStream(.deflate) else { return nil }
    defer { deflaters.giveBack(stream) }
    return stream.compress(message)
  }

  /// The message that `bytes` are the gzip of: one member, and nothing after it.
  ///
  /// Its memory grows with what comes out, and stops at `bytesMax` bytes.
  ///
  /// - Throws: ``FramingError/inflatesPastLimit(limit:)``, or ``FramingError/notGzip`` for bytes that are no gzip, are
  ///   cut off or go on after its end.
  package static func inflate(_ bytes: ByteBuffer, bytesMax: Int) throws(FramingError) -> ByteBuffer {
    guard let stream = inflaters.take() ?? ZlibStream(.inflate) else { throw .notGzip }
    defer { inflaters.giveBack(stream) }
    return try stream.inflate(bytes, bytesMax: bytesMax)
  }

  private static let deflaters = ZlibPool()
  private static let inflaters = ZlibPool()
}

/// zlib's states that nobody uses at the moment, a few at most.
private final class ZlibPool: Sendable {
  /// A state that compresses holds a quarter of a mebibyte, one that inflates 40 KiB.
  private static let idleMax = 8

  private let idle = Mutex<[ZlibStream]>([])

  func take() -> ZlibStream? { idle.withLock { $0.popLast() } }

  func giveBack(_ stream: ZlibStream) {
    idle.withLock { idle in
      if idle.count < Self.idleMax { idle.append(stream) }
    }
  }
}

/// One state of zlib, set back before each message.
///
/// `@unchecked Sendable`: whoever took it from the pool has it alone.
private final class ZlibStream: @unchecked Sendable {
  enum Direction {
    case deflate
    case inflate
  }

  /// How much room the output of an inflated message gets at a time.
  private static let stepMax = 256 * 1024

  private let raw = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let direction: Direction

  /// nil when there is no memory.
  init?(_ direction: Direction) {
    self.direction = direction
    raw.initialize(to: z_stream())
    let result =
      switch direction {
      case .deflate: czlib_gzip_deflate_init(raw, Z_BEST_SPEED)
      case .inflate: czlib_gzip_inflate_init(raw)
      }
    // `deinit` runs after a failure too; ending a state that was not made does nothing.
    guard result == Z_OK else { return nil }
  }

  deinit {
    switch direction {
    case .deflate: deflateEnd(raw)
    case .inflate: inflateEnd(raw)
    }
    raw.deallocate()
  }

  func compress(_ message: ByteBuffer) -> ByteBuffer? {
    guard deflateReset(raw) == Z_OK else { return nil }
    let limit = message.readableBytes - 1
    guard limit > 0, limit < Int(UInt32.max) else { return nil }
    var output = ByteBuffer()
    let isDone = message.withUnsafeReadableBytes { source in
      setInput(source)
      defer { clear() }
      while output.readableBytes < limit {
        // Most messages become a fraction of themselves: room for more is made when it is needed.
        let room = min(limit - output.readableBytes, max(limit / 4, 512))
        let result = write(room, to: &output) { zlib in CZlib.deflate(zlib, Z_FINISH) }
        if result == Z_STREAM_END { return true }
        guard result == Z_OK || result == Z_BUF_ERROR else { return false }
      }
      return false
    }
    return isDone ? output : nil
  }

  func inflate(_ bytes: ByteBuffer, bytesMax: Int) throws(FramingError) -> ByteBuffer {
    guard inflateReset(raw) == Z_OK else { throw .notGzip }
    var output = ByteBuffer()
    var error: FramingError?
    bytes.withUnsafeReadableBytes { source in
      setInput(source)
      defer { clear() }
      error = inflateInput(into: &output, expected: source.count, bytesMax: bytesMax)
    }
    if let error { throw error }
    return output
  }

  private func inflateInput(into output: inout ByteBuffer, expected: Int, bytesMax: Int) -> FramingError? {
    var step = min(max(expected * 4, 512), Self.stepMax)
    while true {
      let left = bytesMax - output.readableBytes
      // One byte past the limit proves that there is more; it does not stay.
      let room = left > 0 ? min(left, step) : 1
      let result = write(room, to: &output) { zlib in CZlib.inflate(zlib, Z_NO_FLUSH) }
      if output.readableBytes > bytesMax { return .inflatesPastLimit(limit: bytesMax) }
      switch result {
      case Z_STREAM_END: return raw.pointee.avail_in == 0 ? nil : .notGzip
      case Z_OK where raw.pointee.avail_in > 0 || raw.pointee.avail_out == 0: break
      default: return .notGzip
      }
      step = min(step * 2, Self.stepMax)
    }
  }

  private func setInput(_ source: UnsafeRawBufferPointer) {
    // zlib's type says that it may write there; it does not.
    raw.pointee.next_in = UnsafeMutablePointer(mutating: source.bindMemory(to: UInt8.self).baseAddress)
    raw.pointee.avail_in = UInt32(clamping: source.count)
  }

  /// Lends zlib `room` bytes at the end of `output`, and keeps those that it wrote.
  private func write(
    _ room: Int, to output: inout ByteBuffer, _ work: (UnsafeMutablePointer<z_stream>) -> Int32
  ) -> Int32 {
    var result = Z_OK
    output.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { target in
      raw.pointee.next_out = target.bindMemory(to: UInt8.self).baseAddress
      raw.pointee.avail_out = UInt32(clamping: room)
      result = work(raw)
      return room - Int(raw.pointee.avail_out)
    }
    return result
  }

  private func clear() {
    raw.pointee.next_in = nil
    raw.pointee.avail_in = 0
    raw.pointee.next_out = nil
  }
}
