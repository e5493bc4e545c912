import NIOCore
import RPC
import Testing

@Suite("Message framing")
struct MessageFramingTests {
  @Test("Messages come out whole, whatever the pieces they arrive in", arguments: [1, 2, 3, 5, 7, 64, 1000, 100_000])
  func pieces(size: Int) throws {
    let messages = [[], [7], Array(repeating: 1, count: 300), [], (0..<70_000).map { UInt8(truncatingIfNeeded: $0) }]
    var reader = FrameReader(messageBytesMax: 70_000)
    let read = try read(messages.flatMap(frame), in: size, with: &reader)
    #expect(read == messages)
    #expect(reader.unfinishedBytes == 0)
    try reader.end()
  }

  @Test("A message at the limit passes; one byte more is refused before its bytes arrive")
  func limit() throws {
    var reader = FrameReader(messageBytesMax: 10)
    #expect(try read(frame(Array(repeating: 1, count: 10)), in: 4, with: &reader).count == 1)
    let error = FramingError.messageTooLarge(announced: 11, limit: 10)
    #expect(throws: error) { try read([0, 0, 0, 0, 11], in: 5, with: &reader) }
    #expect(throws: error) { try read([0], in: 5, with: &reader) }
  }

  @Test("The largest announcement is refused")
  func hugeAnnouncement() {
    var reader = FrameReader(messageBytesMax: 4 << 20)
    #expect(throws: FramingError.messageTooLarge(announced: 0xFFFF_FFFF, limit: 4 << 20)) {
      try read([0, 255, 255, 255, 255], in: 1, with: &reader)
    }
  }

  @Test("A compressed message on a stream without compression is refused")
  func compressed() {
    var reader = FrameReader(messageBytesMax: 100)
    #expect(throws: FramingError.compressedWithoutEncoding) { try read([1, 0, 0, 0, 0], in: 5, with: &reader) }
  }

  @Test("A reader without a limit takes compressed messages, too", arguments: [Int.max, Int.max - 1, Int.max - 1000])
  func noLimit(limit: Int) throws {
    var reader = FrameReader(messageBytesMax: limit)
    reader.allowsCompression = true
    #expect(try read([1, 0, 0, 0, 1, 7], in: 6, with: &reader) == [[7]])
  }

  @Test("An unknown flag is refused", arguments: [2, 128, 255] as [UInt8])
  func badFlag(flag: UInt8) {
    var reader = FrameReader(messageBytesMax: 100)
    #expect(throws: FramingError.badFlag(flag)) { try read([flag, 0, 0, 0, 0], in: 5, with: &reader) }
  }

  @Test("A stream that ends inside a message is truncated", arguments: [1, 4, 5, 8])
  func truncated(count: Int) throws {
    var reader = FrameReader(messageBytesMax: 100)
    _ = try read(Array(frame([1, 2, 3, 4]).prefix(count)), in: 3, with: &reader)
    #expect(throws: FramingError.truncated) { try reader.end() }
  }

  @Test("Bytes of noise are read or refused, and never trap", arguments: 0..<200 as Range<UInt64>)
  func noise(seed: UInt64) {
    var random = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    let bytes = (0..<400).map { _ -> UInt8 in
      random ^= random << 13
      random ^= random >> 7
      random ^= random << 17
      return UInt8(truncatingIfNeeded: random) & (seed % 2 == 0 ? 0xFF : 0x01)
    }
    var reader = FrameReader(messageBytesMax: 100)
    _ = try? read(bytes, in: Int(seed % 9) + 1, with: &reader)
    try? reader.end()
  }

  @Test("Messages are written with their prefixes, whatever the pieces asked for", arguments: [1, 3, 5, 6, 1000])
  func writing(size: Int) {
    let messages: [[UInt8]] = [[], [1, 2, 3], Array(repeating: 9, count: 500), []]
    var writer = FrameWriter()
    for message in messages { writer.append(FramedMessage(ByteBuffer(bytes: message))) }
    let expected = messages.flatMap(frame)
    #expect(writer.pendingBytes == expected.count)
    var output = ByteBuffer()
    while !writer.isEmpty { writer.write(size, to: &output) }
    #expect(writer.pendingBytes == 0)
    #expect(Array(output.readableBytesView) == expected)
  }

  private func frame(_ message: [UInt8]) -> [UInt8] {
    (0..<GRPCPrefix.length).map { GRPCPrefix.byte(at: $0, messageLength: message.count) } + message
  }

  private func read(_ bytes: [UInt8], in size: Int, with reader: inout FrameReader) throws -> [[UInt8]] {
    var messages: [[UInt8]] = []
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + size)
      try bytes[start..<end].withUnsafeBytes { piece in
        var rest = piece[...]
        while let message = try reader.next(&rest) { messages.append(Array(message.bytes.readableBytesView)) }
      }
      start = end
    }
    return messages
  }
}
