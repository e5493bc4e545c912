import NIOCore

/// One HTTP/2 frame, made or read by hand: valid or not, as a test wants it.
struct RawFrame: Sendable, Hashable {
  enum Kind: UInt8 {
    case data = 0
    case headers, priority, reset, settings, pushPromise, ping, goAway, windowUpdate, continuation
    case unknown = 0xFF
  }

  static let endStream: UInt8 = 0x1
  static let acknowledgement: UInt8 = 0x1
  static let endHeaders: UInt8 = 0x4

  var kind: Kind
  var flags: UInt8 = 0
  var stream: UInt32 = 0
  var payload: [UInt8] = []

  /// As it stands on the wire.
  var bytes: [UInt8] {
    Self.big(UInt32(payload.count)).dropFirst() + [kind.rawValue, flags] + Self.big(stream) + payload
  }

  private static func big(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
  }

  /// The big-endian number at `index` of the payload.
  func number(at index: Int) -> UInt32 {
    payload.dropFirst(index).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
  }

  // MARK: Frames of a client

  static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

  /// Settings by their numbers.
  static func settings(_ values: [(UInt16, UInt32)] = []) -> RawFrame {
    RawFrame(
      kind: .settings, payload: values.flatMap { [UInt8($0.0 >> 8), UInt8($0.0 & 0xFF)] + big($0.1) })
  }

  static let settingsAcknowledgement = RawFrame(kind: .settings, flags: acknowledgement)

  static func ping(_ payload: [UInt8] = Array(repeating: 7, count: 8), isAnswer: Bool = false) -> RawFrame {
    RawFrame(kind: .ping, flags: isAnswer ? acknowledgement : 0, payload: payload)
  }

  static func windowUpdate(_ increment: UInt32, stream: UInt32 = 0) -> RawFrame {
    RawFrame(kind: .windowUpdate, stream: stream, payload: big(increment))
  }

  static func priority(stream: UInt32) -> RawFrame {
    RawFrame(kind: .priority, stream: stream, payload: big(0) + [16])
  }

  static func reset(stream: UInt32, code: HTTP2Code = .cancel) -> RawFrame {
    RawFrame(kind: .reset, stream: stream, payload: big(code.rawValue))
  }

  /// The headers of a call of the test service.
  static func call(_ method: String, stream: UInt32, _ more: [(String, String)] = [], end: Bool = false) -> RawFrame {
    RawFrame(
      kind: .headers, flags: endHeaders | (end ? endStream : 0), stream: stream,
      payload: RawClient.headers(method, more).flatMap { literal($0.0, $0.1) })
  }

  /// Bytes of a call's messages.
  static func data(_ bytes: [UInt8], stream: UInt32, end: Bool = false) -> RawFrame {
    RawFrame(kind: .data, flags: end ? endStream : 0, stream: stream, payload: bytes)
  }

  /// A field of a header block, which the decoder puts into its table or not.
  static func literal(_ name: String, _ value: String, indexed: Bool = false) -> [UInt8] {
    [indexed ? 0x40 : 0] + string(name) + string(value)
  }

  private static func string(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    guard bytes.count >= 127 else { return [UInt8(bytes.count)] + bytes }
    var length: [UInt8] = [127]
    var rest = bytes.count - 127
    while rest >= 128 {
      length.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return length + [UInt8(rest)] + bytes
  }
}

/// The error codes that tests send and expect.
enum HTTP2Code: UInt32 {
  case noError = 0
  case protocolError = 1
  case internalError = 2
  case flowControl = 3
  case refused = 7
  case cancel = 8
  case enhanceYourCalm = 11
}

/// Takes frames out of a stream of bytes.
struct RawFrameReader {
  private var bytes: [UInt8] = []

  mutating func read(_ more: some Collection<UInt8>) -> [RawFrame] {
    bytes += more
    var frames: [RawFrame] = []
    var start = 0
    while bytes.count - start >= 9 {
      let length = bytes[start..<start + 3].reduce(0) { $0 << 8 | Int($1) }
      guard bytes.count - start - 9 >= length else { break }
      frames.append(
        RawFrame(
          kind: RawFrame.Kind(rawValue: bytes[start + 3]) ?? .unknown, flags: bytes[start + 4],
          stream: bytes[(start + 5)..<(start + 9)].reduce(0) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF,
          payload: Array(bytes[(start + 9)..<(start + 9 + length)])))
      start += 9 + length
    }
    bytes.removeFirst(start)
    return frames
  }
}
