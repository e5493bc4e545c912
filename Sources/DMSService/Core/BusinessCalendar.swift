package import DMSDomain
package import Foundation

/// The brand's clock: which business date a moment has. It holds no state.
package struct BusinessCalendar: Sendable {
  /// The brand's time zone.
  package let timeZone: TimeZone

  package init(timeZone: TimeZone) {
    self.timeZone = timeZone
  }

  /// The business date of a moment; throws outside of the years 1 to 9999.
  package func businessDate(of instant: InstantMicros) throws -> BusinessDate {
    let date = Date(timeIntervalSince1970: Double(instant.value / 1_000_000))
    return try instant.businessDate(utcOffsetSeconds: Int64(timeZone.secondsFromGMT(for: date)))
  }
}
