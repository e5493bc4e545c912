import NIOCore

@testable import RPC

extension FuzzTarget {
  /// gRPC's framing: a byte of options, one of limits, one for the size of pieces, then the stream.
  static let framing = FuzzTarget(
    "framing", inputBytesMax: 2048,
    words: [
      [0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0x41], [1, 0, 0, 0, 0], [2, 0, 0, 0, 0], [0, 0xFF, 0xFF, 0xFF, 0xFF],
      [0, 0, 0, 1, 0], [1, 0, 0, 0, 23], GzipChecks.emptyGzip,
    ]
  ) { input in
    var reader = InputReader(input)
    let options = reader.byte()
    let announced = Int(reader.byte()) << (options & 8 != 0 ? 4 : 0)
    let limit = options & 16 != 0 ? Int.max - announced : announced
    let piece = 1 + Int(reader.byte()) % 16
    let stream = reader.bytes
    let whole = try FramingChecks.outcome(stream, piece: max(stream.count, 1), limit: limit, options)
    try require(
      try FramingChecks.outcome(stream, piece: 1, limit: limit, options) == whole, "byte by byte it is another stream")
    try require(
      try FramingChecks.outcome(stream, piece: piece, limit: limit, options) == whole,
      "in pieces of \(piece) bytes it is another stream")
    try FramingChecks.checkWriter(whole.messages, from: stream, piece: piece)
  }

  /// Inflating: two bytes of the limit, then what claims to be gzip. The same bytes are deflated as well.
  static let gzip = FuzzTarget(
    "gzip", inputBytesMax: 2048, words: [GzipChecks.emptyGzip, Array(GzipChecks.emptyGzip.prefix(10)), [0x78, 0x9C]]
  ) { input in
    var reader = InputReader(input)
    let limit = reader.short()
    try GzipChecks.check(reader.bytes, limit: limit)
  }
}

enum FramingChecks {
  struct Outcome: Equatable {
    var messages: [FramedMessage] = []
    var error: FramingError?
  }

  /// What a reader makes of a stream that arrives in pieces.
  static func outcome(_ stream: [UInt8], piece: Int, limit: Int, _ options: UInt8) throws -> Outcome {
    var reader = FrameReader(messageBytesMax: limit)
    reader.allowsCompression = options & 1 != 0
    var outcome = Outcome()
    var arrived = 0
    while arrived < stream.count, outcome.error == nil {
      let end = min(stream.count, arrived + piece)
      stream[arrived..<end].withUnsafeBytes { take($0, &reader, into: &outcome) }
      arrived = end
    }
    if options & 2 == 0 {
      do throws(FramingError) { try reader.end() } catch {
        try require(outcome.error == nil || outcome.error == error, "the error became \(error)")
        outcome.error = error
      }
    }
    let held = outcome.messages.reduce(0) { $0 + $1.readableBytes + GRPCPrefix.length }
    try require(held + reader.unfinishedBytes <= arrived, "it holds more than arrived")
    for message in outcome.messages {
      try require(message.isCompressed || message.readableBytes <= limit, "a message is over the limit")
      switch Result(catching: { () throws(FramingError) in try message.contents(bytesMax: limit) }) {
      case .success(let contents):
        try require(contents.readableBytes <= limit, "a message inflated past the limit")
      case .failure(let error):
        try require(message.isCompressed, "a plain message has no contents: \(error)")
      }
    }
    return outcome
  }

  /// Takes every message out of a piece.
  private static func take(_ bytes: UnsafeRawBufferPointer, _ reader: inout FrameReader, into outcome: inout Outcome) {
    var rest = bytes[...]
    do throws(FramingError) {
      while let message = try reader.next(&rest) { outcome.messages.append(message) }
    } catch {
      outcome.error = error
    }
  }

  /// What a writer makes of messages is the stream that they were read from.
  static func checkWriter(_ messages: [FramedMessage], from stream: [UInt8], piece: Int) throws {
    var writer = FrameWriter()
    for message in messages { writer.append(message) }
    var output = ByteBuffer()
    while !writer.isEmpty {
      let before = output.readableBytes
      writer.write(piece, to: &output)
      try require(output.readableBytes - before <= piece, "more was written than asked")
      try require(output.readableBytes > before, "nothing was written")
    }
    try require(writer.pendingBytes == 0, "an empty writer has pending bytes")
    try require(output.readableBytesView.elementsEqual(stream.prefix(output.readableBytes)), "it was written otherwise")
  }
}

enum GzipChecks {
  /// The gzip of nothing.
  static let emptyGzip: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]

  static func check(_ bytes: [UInt8], limit: Int) throws {
    let buffer = ByteBuffer(bytes: bytes)
    switch Result(catching: { () throws(FramingError) in try Gzip.inflate(buffer, bytesMax: limit) }) {
    case .success(let message):
      try require(message.readableBytes <= limit, "\(message.readableBytes) bytes are over the limit of \(limit)")
      let roomy = Result { () throws(FramingError) in try Gzip.inflate(buffer, bytesMax: limit + 1) }
      try require(roomy == .success(message), "with more room it is another message")
    case .failure(let error):
      try require(
        error == .notGzip || error == .inflatesPastLimit(limit: limit), "\(error) is no error of inflating")
    }
    // A state that has failed serves the next message all the same.
    guard let compressed = Gzip.compress(buffer) else { return }
    try require(compressed.readableBytes < bytes.count, "what is compressed became no smaller")
    let exact = Result { () throws(FramingError) in try Gzip.inflate(compressed, bytesMax: bytes.count) }
    try require(exact == .success(buffer), "compressed and inflated it is another message")
    let tight = Result { () throws(FramingError) in try Gzip.inflate(compressed, bytesMax: bytes.count - 1) }
    try require(
      tight == .failure(.inflatesPastLimit(limit: bytes.count - 1)), "one byte over the limit passed")
  }
}
