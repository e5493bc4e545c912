import DMSDomain
import Testing

@Suite("Business dates")
struct BusinessDateTests {
  @Test("Every day of the calendar follows the one before, there and back")
  func everyDay() throws {
    var (year, month, day) = (1, 1, 1)
    for days in BusinessDate.earliest.daysSinceEpoch...BusinessDate.latest.daysSinceEpoch {
      let date = try BusinessDate(daysSinceEpoch: Int64(days))
      let parts = date.components
      guard parts.year == year, parts.month == month, parts.day == day,
        try BusinessDate(year: year, month: month, day: day) == date
      else {
        Issue.record("\(days) is \(parts), not \(year)-\(month)-\(day)")
        return
      }
      let isLeap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
      let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      day += 1
      if day > lengths[month - 1] {
        day = 1
        month += 1
      }
      if month > 12 {
        month = 1
        year += 1
      }
    }
    #expect((year, month, day) == (10_000, 1, 1))
  }

  @Test(
    "ISO texts are read and written",
    arguments: ["1970-01-01", "2022-07-01", "2024-02-29", "0001-01-01", "9999-12-31", "2000-02-29"])
  func iso(text: String) throws {
    #expect(try BusinessDate(iso: text).description == text)
  }

  @Test(
    "Other texts are refused",
    arguments: [
      ("", DateError.malformed), ("2022-7-1", .malformed), ("2022/07/01", .malformed), ("20220701", .malformed),
      ("2022-07-01 ", .malformed), (" 2022-07-01", .malformed), ("+022-07-01", .malformed), ("２022-07-01", .malformed),
      ("2022-07-01T00:00:00Z", .malformed), ("2022-13-01", .noSuchDay), ("2022-00-01", .noSuchDay),
      ("2022-02-29", .noSuchDay), ("1900-02-29", .noSuchDay), ("2022-04-31", .noSuchDay), ("2022-01-00", .noSuchDay),
      ("0000-01-01", .outOfRange),
    ])
  func refused(text: String, error: DateError) {
    #expect(throws: error) { try BusinessDate(iso: text) }
  }

  @Test("Days are added within the calendar only")
  func adding() throws {
    #expect(try Sample.day("2024-02-28").adding(days: 2) == Sample.day("2024-03-01"))
    #expect(try Sample.day("2024-03-01").adding(days: -1) == Sample.day("2024-02-29"))
    #expect(Sample.day("2024-01-01").days(until: Sample.day("2025-01-01")) == 366)
    #expect(throws: DateError.outOfRange) { try BusinessDate.latest.adding(days: 1) }
    #expect(throws: DateError.outOfRange) { try BusinessDate.earliest.adding(days: -1) }
    #expect(throws: DateError.outOfRange) { try Sample.today.adding(days: .max) }
    #expect(throws: DateError.outOfRange) { try BusinessDate(daysSinceEpoch: .min) }
  }

  @Test("A moment falls on the day of its time zone")
  func moments() throws {
    #expect(try InstantMicros(0).businessDate(utcOffsetSeconds: 0) == Sample.day("1970-01-01"))
    #expect(try InstantMicros(-1).businessDate(utcOffsetSeconds: 0) == Sample.day("1969-12-31"))
    #expect(try InstantMicros(0).businessDate(utcOffsetSeconds: -3_600) == Sample.day("1969-12-31"))
    let evening = InstantMicros(InstantMicros.microsPerDay - InstantMicros.microsPerHour)
    #expect(try evening.businessDate(utcOffsetSeconds: 8 * 3_600) == Sample.day("1970-01-02"))
    #expect(throws: DateError.outOfRange) { try InstantMicros(.max).businessDate(utcOffsetSeconds: 3_600) }
    #expect(throws: DateError.outOfRange) { try InstantMicros(.min).businessDate(utcOffsetSeconds: 0) }
    #expect(throws: ArithmeticError.overflow) { try InstantMicros(.max).adding(hours: 1) }
  }
}
