/// A day of the brand's calendar (proleptic Gregorian), without time or time zone, from 0001-01-01 to 9999-12-31.
public struct BusinessDate: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Days since 1970-01-01.
  public let daysSinceEpoch: Int32

  /// The first day of the calendar, 0001-01-01; as the start of a period it stands for «always».
  public static let earliest = BusinessDate(uncheckedDays: -719_162)

  /// The last day of the calendar, 9999-12-31; as the end of a period it stands for «for ever».
  public static let latest = BusinessDate(uncheckedDays: 2_932_896)

  /// The day this many days after 1970-01-01; throws outside of the calendar.
  public init(daysSinceEpoch days: Int64) throws(DateError) {
    guard days >= Int64(Self.earliest.daysSinceEpoch), days <= Int64(Self.latest.daysSinceEpoch) else {
      throw .outOfRange
    }
    daysSinceEpoch = Int32(days)
  }

  /// The day of a year (1 to 9999), month and day of month; throws when there is none.
  public init(year: Int, month: Int, day: Int) throws(DateError) {
    guard (1...9_999).contains(year) else { throw .outOfRange }
    guard (1...12).contains(month), day >= 1, day <= Self.daysInMonth(month, year: year) else { throw .noSuchDay }
    daysSinceEpoch = Self.days(year: year, month: month, day: day)
  }

  /// Reads `YYYY-MM-DD`, exactly ten characters; throws on any other text.
  public init(iso text: String) throws(DateError) {
    let bytes = Array(text.utf8.prefix(11))
    let dash = UInt8(ascii: "-")
    guard bytes.count == 10, bytes[4] == dash, bytes[7] == dash else { throw .malformed }
    try self.init(
      year: Self.number(bytes[0..<4]), month: Self.number(bytes[5..<7]), day: Self.number(bytes[8..<10]))
  }

  private init(uncheckedDays days: Int32) {
    daysSinceEpoch = days
  }

  /// `YYYY-MM-DD`.
  public var description: String {
    let (year, month, day) = components
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  /// Year, month from 1, and day of the month from 1.
  public var components: (year: Int, month: Int, day: Int) {
    // Years are counted from March, so that the leap day is the last of its year; an era is 400 years, 146,097 days.
    let days = Int(daysSinceEpoch) + 719_468
    let era = Self.floorDivide(days, by: 146_097)
    let dayOfEra = days - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  /// The day `days` later, or earlier when below zero; throws outside of the calendar.
  public func adding(days: Int64) throws(DateError) -> BusinessDate {
    let (sum, overflow) = Int64(daysSinceEpoch).addingReportingOverflow(days)
    guard !overflow else { throw .outOfRange }
    return try BusinessDate(daysSinceEpoch: sum)
  }

  /// Days from this day to another; below zero when the other is earlier.
  public func days(until other: BusinessDate) -> Int64 {
    Int64(other.daysSinceEpoch) - Int64(daysSinceEpoch)
  }

  /// Orders by time.
  public static func < (left: BusinessDate, right: BusinessDate) -> Bool {
    left.daysSinceEpoch < right.daysSinceEpoch
  }
}

/// Why a text or number is no day.
public enum DateError: Error, Hashable, Sendable {
  /// Not of the form `YYYY-MM-DD`.
  case malformed
  /// The month has no such day, or the year no such month.
  case noSuchDay
  /// Outside of 0001-01-01 to 9999-12-31.
  case outOfRange
}

extension BusinessDate {
  private static func number(_ digits: ArraySlice<UInt8>) throws(DateError) -> Int {
    var number = 0
    for digit in digits {
      guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { throw .malformed }
      number = number * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return number
  }

  private static func daysInMonth(_ month: Int, year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func days(year: Int, month: Int, day: Int) -> Int32 {
    let yearFromMarch = month <= 2 ? year - 1 : year
    let era = floorDivide(yearFromMarch, by: 400)
    let yearOfEra = yearFromMarch - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return Int32(era * 146_097 + dayOfEra - 719_468)
  }

  private static func floorDivide(_ dividend: Int, by divisor: Int) -> Int {
    dividend >= 0 ? dividend / divisor : (dividend - divisor + 1) / divisor
  }
}
