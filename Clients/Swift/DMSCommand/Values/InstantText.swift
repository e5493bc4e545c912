internal import DMSAPI
internal import DMSClient

/// Instants as people write and read them, in UTC.
enum InstantText {
  /// `YYYY-MM-DDThh:mm:ssZ`, with milliseconds when there are any; empty for none.
  static func text(_ time: Timestamp?) -> String {
    guard let time else { return "" }
    return text(seconds: time.seconds, nanoseconds: time.nanos)
  }

  /// The same from seconds since 1970 and nanoseconds of the second.
  static func text(seconds: Int64, nanoseconds: Int32) -> String {
    // Years 1 to 9999, the range of the wire's instants; what is beyond is shown as it came.
    guard (-62_135_596_800...253_402_300_799).contains(seconds) else { return "\(seconds) s" }
    let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let second = seconds - days * 86_400
    let clock = [second / 3_600, second / 60 % 60, second % 60].map { CalendarDate.padded($0, 2) }
    let milliseconds = Int64(nanoseconds) / 1_000_000
    let fraction = milliseconds > 0 ? "." + CalendarDate.padded(milliseconds, 3) : ""
    return "\(CalendarDate(days: days).text)T\(clock.joined(separator: ":"))\(fraction)Z"
  }

  /// Reads `YYYY-MM-DD` (its first second), `YYYY-MM-DDThh:mm:ssZ`, or a span from now such as
  /// `90d`, `12h` or `30m`. `now` is in seconds since 1970.
  static func seconds(_ text: String, now: Int64) throws(ValueError) -> Int64 {
    if let unit = text.last.flatMap({ spans[$0] }), let count = Int64(text.dropLast()), count > 0 {
      let (span, isOver) = count.multipliedReportingOverflow(by: unit)
      guard !isOver, span <= 36_525 * 86_400 else { throw ValueError("\"\(text)\" is more than a century") }
      return now + span
    }
    let parts = text.split(separator: "T", omittingEmptySubsequences: false)
    let day = try CalendarDate(parts.first.map(String.init) ?? "").days * 86_400
    guard parts.count > 1 else { return day }
    let clock = parts[1].split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, clock.count == 3, clock[2].hasSuffix("Z"),
      let hour = twoDigits(clock[0]), let minute = twoDigits(clock[1]), let second = twoDigits(clock[2].dropLast()),
      (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second)
    else {
      throw ValueError("\"\(text)\" is not a time: write 2027-01-31T18:00:00Z, a date, or a span such as 90d")
    }
    return day + hour * 3_600 + minute * 60 + second
  }

  /// A number that is written with two digits and nothing else.
  private static func twoDigits(_ text: Substring) -> Int64? {
    text.utf8.count == 2 && text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) ? Int64(text) : nil
  }

  private static let spans: [Character: Int64] = ["d": 86_400, "h": 3_600, "m": 60]
}
