import NIOCore
import RPC
import Testing

@Suite("Compressed messages")
struct GzipTests {
  @Test("What was compressed comes back", arguments: [2, 100, 1000, 70_000, 5_000_000])
  func roundTrip(count: Int) throws {
    let message = ByteBuffer(bytes: (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7) })
    // A few bytes only become more.
    guard let compressed = Gzip.compress(message) else {
      #expect(count < 100)
      return
    }
    #expect(compressed.readableBytes < count)
    #expect(try Gzip.inflate(compressed, bytesMax: count) == message)
    #expect(throws: FramingError.inflatesPastLimit(limit: count - 1)) {
      try Gzip.inflate(compressed, bytesMax: count - 1)
    }
  }

  @Test("What would not become smaller stays as it is", arguments: [0, 1, 10, 5000])
  func incompressible(count: Int) {
    var generator = SeededGenerator(seed: 3)
    let message = ByteBuffer(bytes: (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
    let framed = FramedMessage(compressing: message, threshold: 0)
    #expect(framed == FramedMessage(message))
  }

  @Test("A message below the threshold is not compressed; one at it is", arguments: [(999, false), (1000, true)])
  func threshold(count: Int, isCompressed: Bool) {
    let framed = FramedMessage(compressing: ByteBuffer(repeating: 1, count: count), threshold: 1000)
    #expect(framed.isCompressed == isCompressed)
  }

  @Test("An empty message may be compressed")
  func empty() throws {
    #expect(try Gzip.inflate(ByteBuffer(bytes: Self.emptyGzip), bytesMax: 0) == ByteBuffer())
    #expect(try Gzip.inflate(ByteBuffer(bytes: Self.emptyGzip), bytesMax: 10) == ByteBuffer())
  }

  @Test("A bomb of a thousand to one is left alone where its limit is: what stands behind is never looked at")
  func bomb() throws {
    var bomb = try Self.bomb()
    let limit = 4 << 20
    // Were it inflated to its end, it would be found to be broken.
    bomb.setBytes([0xFF, 0xFF, 0xFF, 0xFF], at: bomb.writerIndex - 5000)
    bomb.writeString("more")
    #expect(throws: FramingError.inflatesPastLimit(limit: limit)) { try Gzip.inflate(bomb, bytesMax: limit) }
    #expect(throws: FramingError.inflatesPastLimit(limit: 0)) { try Gzip.inflate(bomb, bytesMax: 0) }
  }

  @Test("A gzip that is cut off, wherever, is none")
  func truncated() throws {
    let whole = try #require(Gzip.compress(ByteBuffer(string: String(repeating: "cut off ", count: 40))))
    for count in 0..<whole.readableBytes {
      let part = try #require(whole.getSlice(at: whole.readerIndex, length: count))
      #expect(throws: FramingError.notGzip) { try Gzip.inflate(part, bytesMax: 1000) }
    }
  }

  @Test("Bytes that are no gzip, and a gzip with more behind it, are refused")
  func garbage() throws {
    let whole = try #require(Gzip.compress(ByteBuffer(repeating: 7, count: 500)))
    for tail in [ByteBuffer(bytes: [0]), ByteBuffer(string: "garbage"), whole] {
      var bytes = whole
      bytes.writeImmutableBuffer(tail)
      #expect(throws: FramingError.notGzip) { try Gzip.inflate(bytes, bytesMax: 10_000) }
    }
    var corrupt = whole
    corrupt.setInteger(0xFF as UInt8, at: corrupt.writerIndex - 6)  // of the checksum
    for bytes in [ByteBuffer(string: "this is no gzip at all"), corrupt] {
      #expect(throws: FramingError.notGzip) { try Gzip.inflate(bytes, bytesMax: 10_000) }
    }
    // The next message does not suffer from those before it.
    #expect(try Gzip.inflate(whole, bytesMax: 500).readableBytes == 500)
  }

  @Test("Noise in a compressed message never traps", arguments: 0..<200 as Range<UInt64>)
  func noise(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var bytes = try #require(Gzip.compress(ByteBuffer(string: String(repeating: "noise", count: 300))))
    for _ in 0..<3 {
      let index = Int.random(in: 0..<bytes.readableBytes, using: &generator)
      bytes.setInteger(UInt8.random(in: 0...255, using: &generator), at: index)
    }
    _ = try? Gzip.inflate(bytes, bytesMax: 2000)
  }

  @Test(
    "The names of a list are compared whole",
    arguments: [
      ("gzip", true), ("identity,gzip", true), ("identity, deflate, gzip", true), ("gzip , br", true), ("", false),
      ("identity", false), ("gzipped", false), ("x-gzip", false), (",,", false),
    ])
  func accepts(list: String, isAccepted: Bool) {
    #expect(Array(list.utf8).withUnsafeBytes { MessageEncoding.acceptsGzip($0) } == isAccepted)
  }

  /// The gzip of nothing.
  static let emptyGzip: [UInt8] = [
    0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  ]

  /// 64 MiB of zeros.
  static func bomb() throws -> ByteBuffer {
    let count = 64 << 20
    let bomb = try #require(Gzip.compress(ByteBuffer(repeating: 0, count: count)))
    #expect(bomb.readableBytes < count / 200)
    return bomb
  }
}
