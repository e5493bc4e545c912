import DMSAPI
import Foundation

@testable import DMSCommand
@testable import DMSDomain

extension FuzzTarget {
  /// Values as people type them: amounts, days, instants, lines, keys of the business.
  static let values = FuzzTarget(
    "values", inputBytesMax: 300,
    texts: [
      "2026-01-31", "0001-01-01", "9999-12-31", "2024-02-29", "T18:00:00Z", "12.50", "-0.000001",
      "9223372036854.775807",
      "-9223372036854.775808", "90d", "12h", "30m", "9223372036854775807", "10788=12@14.93", "=", "@", "case", "EUR",
      "JPY", "é", "e\u{301}", "\u{1100}\u{1161}\u{11A8}", "한", "\u{0344}", "\u{2126}", "ǖ", "\u{323}\u{307}", "ｅ",
      "\u{200B}", " ", "٣", "order_reviewer:2@region=North", "@dealer=",
    ]
  ) { input in
    let text = FuzzTarget.text(input)
    try ValueChecks.checkMoney(text)
    try ValueChecks.checkDays(text)
    try ValueChecks.checkKeys(text)
    if let line = try? LineArgument(text) {
      try require(!line.sku.isEmpty && text.hasPrefix(line.sku), "the line is of \(line.sku)")
    }
    if let grant = try? GrantText.grant(text) {
      try require((try? GrantText.grant(GrantText.text(grant))) == grant, "the grant became \(GrantText.text(grant))")
    }
    _ = DisplayWidth.harmless(text)
  }
}

enum ValueChecks {
  /// An amount is written as it is read, and a number of micros is read as it is written.
  static func checkMoney(_ text: String) throws {
    if let micros = try? MoneyText.micros(text) {
      let written = MoneyText.text(micros)
      try require((try? MoneyText.micros(written)) == micros, "\(micros) is written \(written)")
      try require(text.utf8.allSatisfy { "+-.0123456789".utf8.contains($0) }, "\(text) is an amount")
      _ = MoneyText.grouped(micros)
    }
    var number: Int64 = 0
    for byte in text.utf8.prefix(8) { number = number << 8 | Int64(byte) }
    try require((try? MoneyText.micros(MoneyText.text(number))) == number, "\(number) is not read back")
    for currency in ["JPY", "EUR", "KWD", "CLF"].compactMap({ try? CurrencyCode(validating: $0) }) {
      let amount = Micros(number)
      let plain = amount.text(in: currency).dropLast(4).filter { $0 != "," }
      try require((try? MoneyText.micros(String(plain))) == number, "\(number) is shown as \(plain)")
      if let whole = try? amount.times(Quantity(1), in: currency) {
        try require(whole.isWhole(in: currency), "\(number) was rounded to \(whole)")
        try require(
          (Int128(whole.value) - Int128(number)).magnitude * 2 <= UInt128(currency.minorUnitMicros),
          "\(number) was rounded to \(whole)")
      }
    }
  }

  /// The client's calendar and the server's are one calendar.
  static func checkDays(_ text: String) throws {
    let here = try? CalendarDate(text)
    let there = try? BusinessDate(iso: text)
    try require(here.map(\.days) == there.map { Int64($0.daysSinceEpoch) }, "\(text) is another day for the server")
    if let here, let there {
      try require(here.text == text && there.description == text, "\(text) is written \(here.text) or \(there)")
    }
    guard let seconds = try? InstantText.seconds(text, now: 0) else { return }
    let written = InstantText.text(seconds: seconds, nanoseconds: 0)
    try require((try? InstantText.seconds(written, now: 5)) == seconds, "\(text) is written \(written)")
    // A time is written in one way; spans and days stand for a time.
    if text.contains("T") { try require(written == text, "\(text) is read as \(written)") }
  }

  /// A key of the business is what the rules say, by another way to the same answer.
  static func checkKeys(_ text: String) throws {
    let isNormal = NormalizationFormC.isNormalized(text)
    let composed = text.precomposedStringWithCanonicalMapping
    try require(
      isNormal == composed.utf8.elementsEqual(text.utf8), "\(text.debugDescription) is in Form C: \(isNormal)")
    guard let sku = try? SKU(validating: text) else { return }
    try require(sku.value == text, "a key was changed")
    try require((1...64).contains(text.unicodeScalars.count) && isNormal, "\(text.debugDescription) is a key")
    try require(!text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }, "a key with a control character")
  }
}
