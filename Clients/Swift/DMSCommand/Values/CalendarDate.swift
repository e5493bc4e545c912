/// A day of the Gregorian calendar, for checking what people type and for writing what servers say.
struct CalendarDate: Equatable, Comparable {
  /// Days since 1 January 1970.
  let days: Int64

  init(days: Int64) {
    self.days = days
  }

  /// Reads `YYYY-MM-DD`, which must be a day that exists, from year 1 to 9999.
  init(_ text: String) throws(ValueError) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2], parts.allSatisfy({ $0.utf8.allSatisfy(Self.isDigit) }),
      let year = Int64(parts[0]), let month = Int64(parts[1]), let day = Int64(parts[2])
    else { throw ValueError("\"\(text)\" is not a date: write YYYY-MM-DD, such as 2026-03-31") }
    guard year >= 1, (1...12).contains(month), (1...Self.length(ofMonth: month, year: year)).contains(day) else {
      throw ValueError("there is no day \"\(text)\" in the calendar")
    }
    days = Self.days(year: year, month: month, day: day)
  }

  /// Reads a date and returns its text: for values that travel as text and must be right.
  static func checked(_ text: String) throws(ValueError) -> String {
    _ = try CalendarDate(text)
    return text
  }

  /// `YYYY-MM-DD`.
  var text: String {
    let (year, month, day) = civil
    return "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
  }

  static func < (left: CalendarDate, right: CalendarDate) -> Bool {
    left.days < right.days
  }

  // Both ways count years from 1 March, so that the leap day is the last of its year; 400 years are an era.

  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let marchYear = month <= 2 ? year - 1 : year
    let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private var civil: (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  private static func length(ofMonth month: Int64, year: Int64) -> Int64 {
    switch month {
    case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(width - digits.utf8.count, 0)) + digits
  }
}
