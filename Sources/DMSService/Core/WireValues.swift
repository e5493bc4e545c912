package import DMSAPI
package import DMSDomain
internal import ProtobufC

// How the domain's values look on the wire, in both directions, and nowhere else.

extension Timestamp {
  /// The moment on the wire.
  package init(_ instant: InstantMicros) {
    let (seconds, micros) = instant.value.quotientAndRemainder(dividingBy: 1_000_000)
    self.init()
    // Protobuf counts nanoseconds forward from the second, also before 1970.
    self.seconds = micros < 0 ? seconds - 1 : seconds
    self.nanos = Int32((micros < 0 ? micros + 1_000_000 : micros) * 1000)
  }

  /// The moment in the server's terms, or nil where it is no valid time between the years 1 and 9999.
  package var instant: InstantMicros? {
    guard (-62_135_596_800...253_402_300_799).contains(seconds), (0...999_999_999).contains(nanos) else { return nil }
    return InstantMicros(seconds * 1_000_000 + Int64(nanos) / 1000)
  }
}

extension Optional where Wrapped == InstantMicros {
  /// The moment on the wire, or unset.
  package var timestamp: Timestamp? { map { Timestamp($0) } }
}

/// The etag of a row: its version, as text that callers take for opaque.
package enum Etag {
  /// The etag of a row at `version`.
  package static func text(version: Int64) -> String { "v\(String(version, radix: 36))" }

  /// Whether a caller's etag names `version`; an empty one always does.
  package static func matches(_ etag: String, version: Int64) -> Bool { etag.isEmpty || etag == text(version: version) }
}
