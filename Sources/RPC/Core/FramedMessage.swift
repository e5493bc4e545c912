package import NIOCore

/// A message as it travels: its bytes, and whether they are compressed.
package struct FramedMessage: Sendable, Hashable {
  /// Without the prefix.
  package var bytes: ByteBuffer

  /// Whether the prefix's flag says that the bytes are compressed.
  package var isCompressed: Bool

  /// A message; plain unless told otherwise.
  package init(_ bytes: ByteBuffer, isCompressed: Bool = false) {
    self.bytes = bytes
    self.isCompressed = isCompressed
  }

  /// `message` compressed with gzip if it has at least `threshold` bytes and becomes smaller by it; else as it is.
  package init(compressing message: ByteBuffer, threshold: Int) {
    if message.readableBytes >= max(threshold, 1), let compressed = Gzip.compress(message) {
      self.init(compressed, isCompressed: true)
    } else {
      self.init(message)
    }
  }

  /// How many bytes travel, without the prefix.
  package var readableBytes: Int { bytes.readableBytes }

  /// The message itself, inflated if need be; never more than `bytesMax` bytes are made of it.
  package func contents(bytesMax: Int) throws(FramingError) -> ByteBuffer {
    isCompressed ? try Gzip.inflate(bytes, bytesMax: bytesMax) : bytes
  }
}
