/// Finds the common name in a certificate's subject: as much of ASN.1 as that takes.
///
/// Pure; whatever the bytes are, it finds a name or nil. The certificate has been verified before.
enum CertificateSubject {
  private enum Tag {
    static let sequence: UInt8 = 0x30
    static let set: UInt8 = 0x31
    static let objectIdentifier: UInt8 = 0x06
    static let version: UInt8 = 0xA0
    static let utf8: UInt8 = 0x0C
    static let printable: UInt8 = 0x13
    static let ia5: UInt8 = 0x16
    static let utf16: UInt8 = 0x1E
  }

  /// `id-at-commonName`, 2.5.4.3.
  private static let commonName: [UInt8] = [0x55, 0x04, 0x03]

  /// The last common name of the subject, which is its most specific; nil if there is none, or none that can be read.
  static func commonName(ofCertificate bytes: [UInt8]) -> String? {
    var outer = bytes[...]
    guard var certificate = take(Tag.sequence, from: &outer), var signed = take(Tag.sequence, from: &certificate)
    else { return nil }
    _ = take(Tag.version, from: &signed)
    // Serial number, algorithm, issuer, validity.
    for _ in 0..<4 { guard next(&signed) != nil else { return nil } }
    guard var subject = take(Tag.sequence, from: &signed) else { return nil }
    var name: String?
    while var attributes = take(Tag.set, from: &subject) {
      while var attribute = take(Tag.sequence, from: &attributes) {
        guard let type = take(Tag.objectIdentifier, from: &attribute), type.elementsEqual(commonName),
          let (tag, value) = next(&attribute), let found = text(tag, value)
        else { continue }
        name = found
      }
    }
    return name
  }

  /// The contents of the next element if it has this tag.
  private static func take(_ tag: UInt8, from bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard bytes.first == tag else { return nil }
    return next(&bytes)?.contents
  }

  /// The next element.
  private static func next(_ bytes: inout ArraySlice<UInt8>) -> (tag: UInt8, contents: ArraySlice<UInt8>)? {
    guard let tag = bytes.popFirst(), let first = bytes.popFirst() else { return nil }
    var length = Int(first)
    if first & 0x80 != 0 {
      // At most three bytes of length: no certificate is larger.
      let count = Int(first & 0x7F)
      guard (1...3).contains(count), bytes.count >= count else { return nil }
      length = bytes.prefix(count).reduce(0) { $0 << 8 | Int($1) }
      bytes = bytes.dropFirst(count)
    }
    guard bytes.count >= length else { return nil }
    let contents = bytes.prefix(length)
    bytes = bytes.dropFirst(length)
    return (tag, contents)
  }

  private static func text(_ tag: UInt8, _ bytes: ArraySlice<UInt8>) -> String? {
    let text: String?
    switch tag {
    case Tag.utf8, Tag.printable, Tag.ia5:
      text = String(validating: bytes, as: UTF8.self)
    case Tag.utf16:
      let bytes = Array(bytes)
      guard bytes.count.isMultiple(of: 2) else { return nil }
      let units = stride(from: 0, to: bytes.count, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
      text = String(validating: units, as: UTF16.self)
    default:
      return nil
    }
    guard let text, !text.isEmpty, !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
    else { return nil }
    return text
  }
}
