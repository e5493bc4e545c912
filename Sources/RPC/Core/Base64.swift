/// The encoding of binary metadata: base64 without padding out, with or without padding in.
package enum Base64 {
  /// Bytes as a header value, unpadded.
  package static func encode(_ bytes: some Collection<UInt8>) -> String {
    var out: [UInt8] = []
    out.reserveCapacity((bytes.count * 4 + 2) / 3)
    var group: UInt32 = 0
    var bits = 0
    for byte in bytes {
      group = group << 8 | UInt32(byte)
      bits += 8
      while bits >= 6 {
        bits -= 6
        out.append(alphabet[Int(group >> UInt32(bits) & 0x3F)])
      }
      group &= 1 << UInt32(bits) - 1
    }
    if bits > 0 { out.append(alphabet[Int(group << UInt32(6 - bits) & 0x3F)]) }
    return String(decoding: out, as: UTF8.self)
  }

  /// The bytes of a header value, or nil when it is no base64.
  package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    var out: [UInt8] = []
    out.reserveCapacity(text.count * 3 / 4)
    var group: UInt32 = 0
    var bits = 0
    var digits = 0
    var padding = 0
    for character in text {
      if character == 0x3D {
        padding += 1
        continue
      }
      guard padding == 0, let value = value(of: character) else { return nil }
      digits += 1
      group = group << 6 | UInt32(value)
      bits += 6
      if bits >= 8 {
        bits -= 8
        out.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
        group &= 1 << UInt32(bits) - 1
      }
    }
    guard digits % 4 != 1, padding == 0 || (digits + padding) % 4 == 0 && padding <= 2 else { return nil }
    return out
  }

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  private static func value(of character: UInt8) -> UInt8? {
    switch character {
    case 0x41...0x5A: character - 0x41
    case 0x61...0x7A: character - 0x61 + 26
    case 0x30...0x39: character - 0x30 + 52
    case 0x2B: 62
    case 0x2F: 63
    default: nil
    }
  }
}
