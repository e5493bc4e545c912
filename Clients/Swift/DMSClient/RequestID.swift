#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// A UUID that names one write, so that a repeat of it returns the first reply.
///
/// A caller that must survive its own crash makes the id and stores it with its document before
/// the first try, or derives it from the document with ``init(deriving:namespace:)``; every other
/// caller can leave it to the client, which makes one before the first try and keeps it over
/// retries.
public struct RequestID: Sendable, Hashable, CustomStringConvertible {
  private let high: UInt64
  private let low: UInt64

  /// A new id, never seen before (version 7: time first, so that ids made together lie together).
  public init() {
    self.init(milliseconds: Self.millisecondsNow(), random: .random(in: 0...UInt64.max), .random(in: 0...UInt64.max))
  }

  /// Reads the usual text of a UUID: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12.
  ///
  /// Throws ``RequestIDError/malformed(_:)`` for anything else.
  public init(validating text: String) throws(RequestIDError) {
    let bytes = Array(text.utf8)
    guard bytes.count == 36 else { throw .malformed(text) }
    var halves: (UInt64, UInt64) = (0, 0)
    var digits = 0
    for (position, byte) in bytes.enumerated() {
      if Self.hyphens.contains(position) {
        guard byte == UInt8(ascii: "-") else { throw .malformed(text) }
        continue
      }
      guard let digit = Self.value(ofDigit: byte) else { throw .malformed(text) }
      if digits < 16 {
        halves.0 = halves.0 << 4 | digit
      } else {
        halves.1 = halves.1 << 4 | digit
      }
      digits += 1
    }
    (high, low) = halves
  }

  /// Version 7 of these parts.
  package init(milliseconds: UInt64, random first: UInt64, _ second: UInt64) {
    self.init(high: milliseconds << 16 | first & 0xFFF, low: second, version: 7)
  }

  /// These bits, with the version and the variant put in their places.
  package init(high: UInt64, low: UInt64, version: UInt64) {
    self.high = high & ~0xF000 | version << 12
    self.low = low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
  }

  /// The usual text, in lower case.
  public var text: String {
    String(unsafeUninitializedCapacity: 36) { buffer in
      var digit = 0
      for position in 0..<36 {
        if Self.hyphens.contains(position) {
          buffer[position] = UInt8(ascii: "-")
        } else {
          let half = digit < 16 ? high : low
          buffer[position] = Self.digits[Int(half >> UInt64(60 - digit % 16 * 4) & 0xF)]
          digit += 1
        }
      }
      return 36
    }
  }

  /// The usual text, in lower case.
  public var description: String { text }

  /// The sixteen bytes, first byte first.
  package var bytes: [UInt8] {
    [high, low].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> UInt64(56 - $0 * 8)) } }
  }

  private static let hyphens: Set<Int> = [8, 13, 18, 23]
  private static let digits = Array("0123456789abcdef".utf8)

  private static func value(ofDigit byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }

  private static func millisecondsNow() -> UInt64 {
    var time = timespec()
    guard clock_gettime(CLOCK_REALTIME, &time) == 0 else { return 0 }
    return UInt64(clamping: time.tv_sec) &* 1_000 &+ UInt64(clamping: time.tv_nsec / 1_000_000)
  }
}

/// Why a text is not a request id.
public enum RequestIDError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The text is not that of a UUID.
  case malformed(String)

  /// What is wrong and what would be right, as a sentence.
  public var description: String {
    switch self {
    case .malformed(let text):
      "\"\(text)\" is not a request id: write a UUID, such as 0190d5a3-7c3e-7e9b-b1a5-0242ac120002"
    }
  }
}
