/// The encoding of `grpc-message`: printable ASCII but `%` stands for itself, every other byte is `%XX`.
package enum PercentEncoding {
  /// A message as a header value.
  package static func encode(_ message: String) -> String {
    guard message.utf8.contains(where: mustEncode) else { return message }
    var out: [UInt8] = []
    out.reserveCapacity(message.utf8.count + 16)
    for byte in message.utf8 {
      if mustEncode(byte) {
        out.append(0x25)
        out.append(hexDigits[Int(byte >> 4)])
        out.append(hexDigits[Int(byte & 0xF)])
      } else {
        out.append(byte)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// The message of a header value. What is no valid escape stands for itself, what is no UTF-8 becomes U+FFFD:
  /// a peer's bad message must not hide its status.
  package static func decode(_ value: some Collection<UInt8>) -> String {
    guard value.contains(0x25) else { return String(decoding: value, as: UTF8.self) }
    let bytes = Array(value)
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      if bytes[index] == 0x25, index + 2 < bytes.count, let high = hexValue(bytes[index + 1]),
        let low = hexValue(bytes[index + 2])
      {
        out.append(high << 4 | low)
        index += 3
      } else {
        out.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static let hexDigits = Array("0123456789ABCDEF".utf8)

  private static func mustEncode(_ byte: UInt8) -> Bool { byte < 0x20 || byte > 0x7E || byte == 0x25 }

  private static func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }
}
