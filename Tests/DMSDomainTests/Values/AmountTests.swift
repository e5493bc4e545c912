import DMSDomain
import Testing

@Suite("Amounts and quantities")
struct AmountTests {
  @Test("Arithmetic that does not fit throws and never traps")
  func overflow() {
    #expect(throws: ArithmeticError.overflow) { try Quantity(.max) + 1 }
    #expect(throws: ArithmeticError.overflow) { try Quantity(.min) - 1 }
    #expect(throws: ArithmeticError.overflow) { try Micros(.min).negated() }
    #expect(throws: ArithmeticError.overflow) { try Micros.sum([Micros(.max), 1, -1]) }
    #expect(throws: ArithmeticError.overflow) { try Micros(.max).times(2, in: Sample.usd) }
    #expect(throws: ArithmeticError.overflow) { try Micros(.max).times(Quantity(.max), in: Sample.usd) }
    #expect(throws: ArithmeticError.overflow) { try Micros(.max).times(1, in: Sample.usd) }
  }

  @Test(
    "A line rounds half-even, once, to the currency's minor unit",
    arguments: [
      (unit: Int64(14_930_000), quantity: Int64(1), code: "USD", line: Int64(14_930_000)),
      (5_000, 1, "USD", 0), (15_000, 1, "USD", 20_000), (25_000, 1, "USD", 20_000), (25_001, 1, "USD", 30_000),
      (3_333, 3, "USD", 10_000), (-15_000, 1, "USD", -20_000), (-25_000, 1, "USD", -20_000),
      (500_000, 1, "JPY", 0), (500_000, 3, "JPY", 2_000_000), (1_500, 1, "KWD", 2_000), (150, 1, "CLF", 200),
      (0, 5, "USD", 0), (10_000, 0, "USD", 0),
    ])
  func rounding(unit: Int64, quantity: Int64, code: String, line: Int64) throws {
    #expect(try Micros(unit).times(Quantity(quantity), in: Sample.currency(code)) == Micros(line))
  }

  @Test("Rounding agrees with long multiplication by hand", arguments: seeds)
  func againstSchoolbook(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let currencies = ["USD", "JPY", "KWD", "CLF"].map(Sample.currency)
    for _ in 0..<2_000 {
      let bits = random.number(1...44)
      let unit = random.number(0...(1 << bits))
      let quantity = random.number(0...(1 << max(1, 60 - bits)))
      guard let currency = currencies.randomElement(using: &random) else { continue }
      let expected = Schoolbook.rounded(
        Schoolbook.product(unit, quantity), zeros: 6 - currency.minorUnitDigits)
      #expect(try String(Micros(unit).times(Quantity(quantity), in: currency).value) == expected)
      // Half a minor unit, where even and odd neighbours part ways.
      let half = Micros(currency.minorUnitMicros / 2)
      let odd = Quantity(quantity % 1_000_000 * 2 + 1)
      #expect(
        try String(half.times(odd, in: currency).value)
          == Schoolbook.rounded(
            Schoolbook.product(half.value, odd.value), zeros: 6 - currency.minorUnitDigits))
    }
  }

  @Test("A share of an amount is rounded the same way")
  func share() throws {
    #expect(try Micros(10_000_000).share(1_900, in: Sample.usd) == 1_900_000)
    #expect(try Micros(50_000).share(1_000, in: Sample.usd) == 0)
    #expect(try Micros(150_000).share(1_000, in: Sample.usd) == 20_000)
  }

  @Test("Amounts read as people write them")
  func text() {
    #expect(Micros(1_234_500_000).text(in: Sample.usd) == "1,234.50 USD")
    #expect(Micros(-12_345).text(in: Sample.usd) == "-0.012345 USD")
    #expect(Micros(1_000_000_000_000).text(in: Sample.jpy) == "1,000,000 JPY")
    #expect(Micros(.min).text(in: Sample.usd) == "-9,223,372,036,854.775808 USD")
  }

  @Test("Currencies of ISO 4217 are known with their minor units, others are not")
  func currencies() {
    let digits = ["USD": 2, "CNY": 2, "EUR": 2, "JPY": 0, "KRW": 0, "KWD": 3, "BHD": 3, "CLF": 4]
    for (code, expected) in digits {
      #expect(Sample.currency(code).minorUnitDigits == expected)
    }
    for code in ["", "usd", "US", "USDX", "XTS", "XAU", "ABC", "¥"] {
      #expect(throws: CurrencyError.unknown(code)) { try CurrencyCode(validating: code) }
    }
  }

  @Test("A unit of measure converts exactly or not at all")
  func units() throws {
    let dozen = try UnitRatio(numerator: 12, denominator: 1)
    #expect(try dozen.baseQuantity(of: 3) == 36)
    let half = try UnitRatio(numerator: 1, denominator: 2)
    #expect(try half.baseQuantity(of: 4) == 2)
    #expect(throws: UnitError.notWhole(3, half)) { try half.baseQuantity(of: 3) }
    #expect(throws: UnitError.overflow) { try dozen.baseQuantity(of: Quantity(.max)) }
    #expect(throws: UnitError.badRatio) { try UnitRatio(numerator: 0, denominator: 1) }
    #expect(throws: UnitError.badRatio) { try UnitRatio(numerator: 1, denominator: -1) }
    let terms = ProductTerms(
      sku: Sample.apples, units: [UnitOfMeasure(name: UnitName(unchecked: "case"), ratio: dozen)])
    #expect(try terms.baseQuantity(of: 2, in: UnitName(unchecked: "case")) == 24)
    #expect(try terms.baseQuantity(of: 2, in: nil) == 2)
    #expect(throws: UnitError.unknownUnit("box")) { try terms.baseQuantity(of: 2, in: UnitName(unchecked: "box")) }
  }
}

/// Decimal arithmetic on digits, as on paper: slow, and of no kinship with what it checks.
enum Schoolbook {
  /// Digits of a product, lowest first.
  static func product(_ left: Int64, _ right: Int64) -> [Int] {
    let a = digits(left)
    let b = digits(right)
    var result = [Int](repeating: 0, count: a.count + b.count)
    for (i, x) in a.enumerated() {
      var carry = 0
      for (j, y) in b.enumerated() {
        let sum = result[i + j] + x * y + carry
        result[i + j] = sum % 10
        carry = sum / 10
      }
      result[i + b.count] += carry
    }
    return result
  }

  /// The number with its lowest digits rounded half-even to zeros.
  static func rounded(_ number: [Int], zeros: Int) -> String {
    var digits = number + [0]
    let cut = digits.prefix(zeros)
    let half = [Int](repeating: 0, count: max(0, zeros - 1)) + (zeros > 0 ? [5] : [])
    let isHalf = zeros > 0 && Array(cut) == half
    let isAbove = zeros > 0 && !isHalf && (cut.last ?? 0) >= 5
    for index in 0..<zeros { digits[index] = 0 }
    if isAbove || (isHalf && digits[zeros] % 2 == 1) {
      var index = zeros
      digits[index] += 1
      while digits[index] == 10 {
        digits[index] = 0
        index += 1
        digits[index] += 1
      }
    }
    while digits.count > 1, digits.last == 0 { digits.removeLast() }
    return digits.reversed().map(String.init).joined()
  }

  private static func digits(_ number: Int64) -> [Int] {
    String(number).reversed().compactMap { $0.wholeNumberValue }
  }
}
