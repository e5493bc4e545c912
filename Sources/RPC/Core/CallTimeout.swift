/// The value of `grpc-timeout`: at most eight digits and a unit.
package enum CallTimeout {
  /// How long the header gives the call, or nil when it is malformed.
  package static func parse(_ value: some BidirectionalCollection<UInt8>) -> Duration? {
    guard let unit = value.last, value.count >= 2, value.count <= 9 else { return nil }
    var number: Int64 = 0
    for digit in value.dropLast() {
      guard digit >= 0x30, digit <= 0x39 else { return nil }
      number = number * 10 + Int64(digit - 0x30)
    }
    switch unit {
    case UInt8(ascii: "H"): return .seconds(number * 3600)
    case UInt8(ascii: "M"): return .seconds(number * 60)
    case UInt8(ascii: "S"): return .seconds(number)
    case UInt8(ascii: "m"): return .milliseconds(number)
    case UInt8(ascii: "u"): return .microseconds(number)
    case UInt8(ascii: "n"): return .nanoseconds(number)
    default: return nil
    }
  }

  /// The header for a duration, in the finest unit that holds it in eight digits, rounded up so that the server
  /// never gives up before the client. A duration that has passed is `0n`.
  package static func format(_ timeout: Duration) -> String {
    guard timeout > .zero else { return "0n" }
    let (seconds, attoseconds) = timeout.components
    let limit: Int64 = 99_999_999
    let nanoseconds = (attoseconds + 999_999_999) / 1_000_000_000
    for (unit, perSecond) in [("n", Int64(1_000_000_000)), ("u", 1_000_000), ("m", 1_000), ("S", 1)] {
      let (whole, overflow) = seconds.multipliedReportingOverflow(by: perSecond)
      if overflow || whole > limit { continue }
      let nanosecondsPerUnit = 1_000_000_000 / perSecond
      let count = whole + (nanoseconds + nanosecondsPerUnit - 1) / nanosecondsPerUnit
      if count <= limit { return "\(count)\(unit)" }
    }
    let minutes = seconds / 60 + 1
    if minutes <= limit { return "\(minutes)M" }
    return "\(min(limit, seconds / 3600 + 1))H"
  }
}
