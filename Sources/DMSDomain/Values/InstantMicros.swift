/// A moment of the server's clock: microseconds since 1970-01-01 00:00 UTC.
public struct InstantMicros: CheckedInteger, CustomStringConvertible {
  /// Microseconds since 1970-01-01 00:00 UTC.
  public let value: Int64

  /// Takes microseconds since 1970-01-01 00:00 UTC.
  public init(_ value: Int64) {
    self.value = value
  }

  /// Microseconds in an hour.
  public static let microsPerHour: Int64 = 3_600_000_000

  /// Microseconds in a day.
  public static let microsPerDay: Int64 = 86_400_000_000

  /// The moment this many hours later; throws when it does not fit.
  public func adding(hours: Int32) throws(ArithmeticError) -> InstantMicros {
    try self + InstantMicros(Int64(hours) * Self.microsPerHour)
  }

  /// The moment this many seconds later; throws when it does not fit.
  public func adding(seconds: Int64) throws(ArithmeticError) -> InstantMicros {
    let (micros, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
    guard !overflow else { throw .overflow }
    return try self + InstantMicros(micros)
  }

  /// The day on which the moment falls where clocks show UTC plus `utcOffsetSeconds`; throws outside of the calendar.
  public func businessDate(utcOffsetSeconds: Int64) throws(DateError) -> BusinessDate {
    let (offset, offsetOverflow) = utcOffsetSeconds.multipliedReportingOverflow(by: 1_000_000)
    let (local, overflow) = value.addingReportingOverflow(offset)
    guard !offsetOverflow, !overflow else { throw .outOfRange }
    let (quotient, remainder) = local.quotientAndRemainder(dividingBy: Self.microsPerDay)
    return try BusinessDate(daysSinceEpoch: remainder < 0 ? quotient - 1 : quotient)
  }

  /// The number of microseconds.
  public var description: String { String(value) }
}
