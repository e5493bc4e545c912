internal import DMSDomain

/// Makes order ids for orders that come without one.
enum OrderIDs {
  private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

  /// `SO-`, 9 characters of time and 6 random ones, in Crockford's Base32: ids of one server sort by time, and two
  /// of one millisecond are equal once in 2³⁰. The store refuses an id that is taken.
  static func make(now: InstantMicros) -> OrderID {
    var characters: [Character] = []
    var milliseconds = UInt64(bitPattern: now.value) / 1000
    for _ in 0..<9 {
      characters.append(alphabet[Int(milliseconds & 31)])
      milliseconds >>= 5
    }
    characters.reverse()
    var random = UInt64.random(in: 0..<(1 << 30))
    for _ in 0..<6 {
      characters.append(alphabet[Int(random & 31)])
      random >>= 5
    }
    return OrderID(unchecked: "SO-" + String(characters))
  }
}
