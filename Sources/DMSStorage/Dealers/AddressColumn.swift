package import DMSDomain

/// An address as one column: its texts, each with its length in bytes before it.
///
/// Nothing is ever looked up by an address, so it has no columns of its own.
package enum AddressColumn {
  /// The address as bytes.
  package static func encode(_ address: Address) -> [UInt8] {
    var bytes: [UInt8] = []
    let texts = [address.recipient, address.city, address.region, address.postalCode, address.countryCode]
    for text in texts + address.lines {
      let utf8 = Array(text.utf8)
      withUnsafeBytes(of: UInt32(truncatingIfNeeded: utf8.count).bigEndian) { bytes.append(contentsOf: $0) }
      bytes.append(contentsOf: utf8)
    }
    return bytes
  }

  /// The address of bytes that ``encode(_:)`` made; throws `unreadable` for others.
  package static func decode(_ bytes: [UInt8], or unreadable: UnreadableRow) throws -> Address {
    var texts: [String] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      guard rest.count >= 4 else { throw unreadable }
      let count = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(4)
      guard count <= rest.count, let text = String(validating: rest.prefix(count), as: UTF8.self) else {
        throw unreadable
      }
      texts.append(text)
      rest = rest.dropFirst(count)
    }
    guard texts.count >= 5 else { throw unreadable }
    return Address(
      recipient: texts[0], lines: Array(texts[5...]), city: texts[1], region: texts[2], postalCode: texts[3],
      countryCode: texts[4])
  }
}
