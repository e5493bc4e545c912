extension RequestID {
  /// The id that belongs to `name`: the same for the same name, in every run and every language
  /// (version 5 of RFC 9562, over SHA-1; it names, it does not protect).
  ///
  /// With it a loader that is run twice doubles nothing: derive the id from what makes the write
  /// unique, such as `"invoice/4711"`. Choose another `namespace` for another kind of write.
  public init(deriving name: String, namespace: RequestID = .dmsNamespace) {
    let digest = SHA1.digest(of: namespace.bytes + Array(name.utf8))
    self.init(high: digest.high, low: digest.low, version: 5)
  }

  /// The namespace of ids that are derived without one: `7d1c1f0e-5a3b-5c1d-8e2f-4b6a9d3c2e10`.
  public static let dmsNamespace = RequestID(
    high: 0x7d1c_1f0e_5a3b_5c1d, low: 0x8e2f_4b6a_9d3c_2e10, version: 5)
}

/// SHA-1 (RFC 3174), for names only.
private enum SHA1 {
  /// The first sixteen bytes of the digest.
  static func digest(of message: [UInt8]) -> (high: UInt64, low: UInt64) {
    var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
    let padded = pad(message)
    for start in stride(from: 0, to: padded.count, by: 64) {
      mix(padded[start..<start + 64], into: &state)
    }
    return (UInt64(state[0]) << 32 | UInt64(state[1]), UInt64(state[2]) << 32 | UInt64(state[3]))
  }

  private static func pad(_ message: [UInt8]) -> [UInt8] {
    var padded = message
    padded.append(0x80)
    padded.append(contentsOf: repeatElement(0, count: (120 - padded.count % 64) % 64))
    let bits = UInt64(message.count) * 8
    padded.append(contentsOf: (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(56 - $0 * 8)) })
    return padded
  }

  private static func mix(_ block: ArraySlice<UInt8>, into state: inout [UInt32]) {
    var words = stride(from: block.startIndex, to: block.endIndex, by: 4).map { index in
      block[index..<index + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }
    for index in 16..<80 {
      let word = words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16]
      words.append(word << 1 | word >> 31)
    }
    var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
    for (index, word) in words.enumerated() {
      let (choice, constant): (UInt32, UInt32) =
        switch index {
        case 0..<20: (b & c | ~b & d, 0x5A82_7999)
        case 20..<40: (b ^ c ^ d, 0x6ED9_EBA1)
        case 40..<60: (b & c | b & d | c & d, 0x8F1B_BCDC)
        default: (b ^ c ^ d, 0xCA62_C1D6)
        }
      let next = (a << 5 | a >> 27) &+ choice &+ e &+ constant &+ word
      (a, b, c, d, e) = (next, a, b << 30 | b >> 2, c, d)
    }
    for (index, value) in [a, b, c, d, e].enumerated() { state[index] &+= value }
  }
}
