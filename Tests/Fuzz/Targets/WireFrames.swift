/// A frame of HTTP/2 as it stands on the wire.
struct WireFrame {
  static let data: UInt8 = 0
  static let headers: UInt8 = 1
  static let priority: UInt8 = 2
  static let reset: UInt8 = 3
  static let settings: UInt8 = 4
  static let pushPromise: UInt8 = 5
  static let ping: UInt8 = 6
  static let goAway: UInt8 = 7
  static let windowUpdate: UInt8 = 8
  static let continuation: UInt8 = 9

  static let endStream: UInt8 = 1
  static let ack: UInt8 = 1
  static let endHeaders: UInt8 = 4
  static let padded: UInt8 = 8

  static let clientPreface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

  var type: UInt8
  var flags: UInt8 = 0
  var stream: UInt32 = 0
  var payload: [UInt8] = []

  /// The frame's bytes, with the length that it has.
  var bytes: [UInt8] {
    let count = payload.count
    return [UInt8(truncatingIfNeeded: count >> 16), UInt8(truncatingIfNeeded: count >> 8)]
      + [UInt8(truncatingIfNeeded: count), type, flags] + WireFrame.four(stream) + payload
  }

  /// A number in four bytes.
  static func four(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  /// The frames of a connection, and what is left behind the last whole one.
  static func frames(of bytes: [UInt8]) -> (frames: [WireFrame], rest: ArraySlice<UInt8>) {
    var frames: [WireFrame] = []
    var rest = bytes[...]
    while rest.count >= 9 {
      let head = Array(rest.prefix(9))
      let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
      guard length <= rest.count - 9 else { break }
      let stream = head[5...8].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      rest = rest.dropFirst(9)
      frames.append(WireFrame(type: head[3], flags: head[4], stream: stream, payload: Array(rest.prefix(length))))
      rest = rest.dropFirst(length)
    }
    return (frames, rest)
  }
}

/// Header blocks as HPACK writes them without its tables, and a few that use them.
enum WireHeaders {
  /// `name: value`, to be kept in no table; `indexed` keeps it in the dynamic one.
  static func literal(_ name: String, _ value: [UInt8], indexed: Bool = false) -> [UInt8] {
    [indexed ? 0x40 : 0x00] + text(Array(name.utf8)) + text(value)
  }

  static func literal(_ name: String, _ value: String, indexed: Bool = false) -> [UInt8] {
    literal(name, Array(value.utf8), indexed: indexed)
  }

  /// A request of a method of the fuzzed service.
  static func request(_ method: String) -> [UInt8] {
    [0x83, 0x86] + literal(":path", "/fuzz.S/\(method)") + literal(":authority", "a")
      + literal("content-type", "application/grpc") + literal("te", "trailers")
  }

  /// The head of a response in gRPC.
  static let responseHead: [UInt8] = [0x88] + literal("content-type", "application/grpc")

  static let trailers = literal("grpc-status", "0")

  private static func text(_ bytes: [UInt8]) -> [UInt8] {
    let count = bytes.count
    return (count < 127 ? [UInt8(count)] : [127, UInt8((count - 127) % 128) | 128, UInt8((count - 127) / 128 % 128)])
      + bytes
  }
}
