import DMSAPI
import DMSClient
import Testing

@testable import DMSCommand

@Suite("Values as people write them")
struct ValueTests {
  @Test(
    "An amount is read exactly",
    arguments: [
      ("12.50", 12_500_000), ("0.1", 100_000), ("7", 7_000_000), ("-3.141593", -3_141_593), ("+1.00", 1_000_000),
      ("9223372036854.775807", Int64.max), ("-9223372036854.775808", Int64.min), ("12776750.48", 12_776_750_480_000),
    ] as [(String, Int64)])
  func amountIsRead(text: String, micros: Int64) throws {
    #expect(try MoneyText.micros(text) == micros)
  }

  @Test(
    "What is no amount is refused with a sentence",
    arguments: ["", ".", "1.", ".5", "1,50", "1,000.00", "1e3", "0x10", "1.2345678", "9223372036854.775808", "１", "1 "])
  func amountIsRefused(text: String) {
    #expect(throws: ValueError.self) { try MoneyText.micros(text) }
  }

  @Test(
    "An amount is written shortest, with two decimals at least",
    arguments: [
      (12_500_000, "12.50"), (1, "0.000001"), (-3_141_593, "-3.141593"), (0, "0.00"), (-10_000, "-0.01"),
      (Int64.min, "-9223372036854.775808"),
    ] as [(Int64, String)])
  func amountIsWritten(micros: Int64, text: String) throws {
    #expect(MoneyText.text(micros) == text)
    #expect(try MoneyText.micros(text) == micros)
  }

  @Test("Thousands are grouped in sentences")
  func thousandsAreGrouped() {
    #expect(MoneyText.grouped(12_776_750_480_000) == "12,776,750.48")
    #expect(MoneyText.grouped(-999_000_000) == "-999.00")
    #expect(CountText.counted(1, "order") == "1 order")
    #expect(CountText.counted(2_197, "order") == "2,197 orders")
  }

  @Test("Dates are days that exist", arguments: ["2022-07-01", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"])
  func dateIsRead(text: String) throws {
    #expect(try CalendarDate(text).text == text)
  }

  @Test(
    "Other dates are refused",
    arguments: [
      "2023-02-29", "1900-02-29", "2022-13-01", "2022-00-10", "2022-04-31", "22-07-01", "2022/07/01", "", "2022-7-1",
    ])
  func dateIsRefused(text: String) {
    #expect(throws: ValueError.self) { try CalendarDate(text) }
  }

  @Test("Days count from 1970")
  func daysCount() throws {
    #expect(try CalendarDate("1970-01-01").days == 0)
    #expect(try CalendarDate("1969-12-31").days == -1)
    #expect(try CalendarDate("2022-07-01").days == 19_174)
  }

  @Test("An instant is written in UTC")
  func instantIsWritten() {
    #expect(InstantText.text(seconds: 0, nanoseconds: 0) == "1970-01-01T00:00:00Z")
    #expect(InstantText.text(seconds: -1, nanoseconds: 5_000_000) == "1969-12-31T23:59:59.005Z")
    #expect(InstantText.text(seconds: .min, nanoseconds: 0) == "\(Int64.min) s")
    #expect(InstantText.text(nil) == "")
  }

  @Test(
    "An instant is read as a time, a date or a span",
    arguments: [
      ("2022-07-01T12:30:05Z", 1_656_678_605), ("2022-07-01", 1_656_633_600), ("90d", 1_000 + 90 * 86_400),
      ("12h", 1_000 + 43_200), ("30m", 2_800),
    ] as [(String, Int64)])
  func instantIsRead(text: String, seconds: Int64) throws {
    #expect(try InstantText.seconds(text, now: 1_000) == seconds)
  }

  @Test(
    "What is no instant is refused",
    arguments: [
      "", "0d", "-5d", "99999999999999999d", "2022-07-01T24:00:00Z", "2022-07-01T10:00Z", "soon",
      "2022-07-01T+1:-0:+5Z", "2022-07-01T1:2:3Z",
    ])
  func instantIsRefused(text: String) {
    #expect(throws: ValueError.self) { try InstantText.seconds(text, now: 1_000) }
  }

  @Test("A word of the schema is read in any case")
  func wordIsRead() throws {
    let state: OrderState = try EnumWord.parse("in-review")
    #expect(state == .inReview)
    #expect(EnumWord.text(state) == "IN_REVIEW")
    #expect(EnumWord.text(OrderState.unspecified) == "")
    let refused = #expect(throws: ValueError.self) {
      let _: ShipPolicy = try EnumWord.parse("unspecified")
    }
    #expect(refused?.description == "\"unspecified\" is none of REJECT, COMPLETE, PARTIAL")
  }

  @Test(
    "A line is a product, a quantity, and perhaps a unit and a price",
    arguments: [
      ("10788=12", LineArgument(sku: "10788", quantity: 12)),
      ("10788=2case", LineArgument(sku: "10788", quantity: 2, unit: "case")),
      ("a=b/c +=12@14.93", LineArgument(sku: "a=b/c +", quantity: 12, priceMicros: 14_930_000)),
      ("茅台=3 箱@0.5", LineArgument(sku: "茅台", quantity: 3, unit: "箱", priceMicros: 500_000)),
      ("x=-1", LineArgument(sku: "x", quantity: -1)),
    ])
  func lineIsRead(text: String, line: LineArgument) throws {
    #expect(try LineArgument(text) == line)
  }

  @Test(
    "What is no line is refused",
    arguments: ["", "10788", "=5", "10788=", "10788=case", "10788=5@", "10788=99999999999999999999"])
  func lineIsRefused(text: String) {
    #expect(throws: ValueError.self) { try LineArgument(text) }
  }

  @Test("A movement takes the sign that its kind asks for")
  func movementIsSigned() {
    #expect(MovementKind.sale.signed(5) == -5)
    #expect(MovementKind.sale.signed(-5) == -5)
    #expect(MovementKind.receipt.signed(-5) == 5)
    #expect(MovementKind.adjust.signed(-5) == -5)
    #expect(MovementKind.damage.signed(.min) == .min)
  }

  @Test(
    "A role is read and written with its level and scope",
    arguments: ["admin", "order_reviewer:2", "channel_manager@region=North East", "order_reviewer:1@dealer=4711"])
  func grantIsRead(text: String) throws {
    #expect(GrantText.text(try GrantText.grant(text)) == text)
  }

  @Test(
    "What is no role is refused",
    arguments: ["", "boss", "order_reviewer:0", "order_reviewer:x", "auditor@town=X", "auditor@region="])
  func grantIsRefused(text: String) {
    #expect(throws: ValueError.self) { try GrantText.grant(text) }
  }
}
