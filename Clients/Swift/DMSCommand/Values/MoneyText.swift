/// Amounts as people write them, turned into micros and back without ever being a binary fraction.
enum MoneyText {
  /// Reads a decimal such as `12.50` or `-3.141593` into millionths of the currency unit.
  ///
  /// A point separates the decimals, at most six of them; nothing separates thousands. Throws
  /// ``ValueError`` for everything else, and for what 64 bits cannot hold.
  static func micros(_ text: String) throws(ValueError) -> Int64 {
    var rest = Substring(text)
    let isNegative = rest.hasPrefix("-")
    if isNegative || rest.hasPrefix("+") { rest.removeFirst() }
    let parts = rest.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let whole = parts.first, isDigits(whole) else {
      throw ValueError(notAnAmount(text))
    }
    let decimals = parts.count == 2 ? parts[1] : "0"
    guard isDigits(decimals) else { throw ValueError(notAnAmount(text)) }
    guard decimals.utf8.count <= 6 else {
      throw ValueError("\"\(text)\" has more than six decimals: an amount counts in millionths")
    }
    let padded = decimals + String(repeating: "0", count: 6 - decimals.utf8.count)
    // The sign goes in front of the digits, so that the least number can be read as well.
    guard let micros = Int64((isNegative ? "-" : "") + whole + padded) else {
      throw ValueError("\"\(text)\" is beyond what an amount can be (about 9.2 million millions)")
    }
    return micros
  }

  /// The shortest decimal of these micros that has at least two decimals, such as `12.50`.
  static func text(_ micros: Int64) -> String {
    let magnitude = micros.magnitude
    let (whole, fraction) = magnitude.quotientAndRemainder(dividingBy: 1_000_000)
    var decimals = String(fraction + 1_000_000).dropFirst()
    while decimals.utf8.count > 2, decimals.hasSuffix("0") { decimals.removeLast() }
    return "\(micros < 0 ? "-" : "")\(whole).\(decimals)"
  }

  /// The same for sentences, with commas between thousands.
  static func grouped(_ micros: Int64) -> String {
    let text = text(micros)
    guard let point = text.firstIndex(of: ".") else { return text }
    return CountText.grouped(text[..<point]) + text[point...]
  }

  private static func isDigits(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  private static func notAnAmount(_ text: String) -> String {
    text.contains(",")
      ? "\"\(text)\" is not an amount: write a point before the decimals and nothing between thousands"
      : "\"\(text)\" is not an amount: write a decimal such as 12.50"
  }
}

/// Whole numbers for sentences.
enum CountText {
  /// A number with commas between thousands.
  static func grouped(_ number: some BinaryInteger) -> String {
    grouped(Substring(String(number)))
  }

  /// Digits, perhaps after a sign, with commas between thousands.
  static func grouped(_ digits: Substring) -> String {
    let sign = digits.hasPrefix("-") ? "-" : ""
    let digits = Array(digits.dropFirst(sign.count))
    var text = sign
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// A number with its noun, such as `1 order` or `2,197 orders`.
  static func counted(_ number: some BinaryInteger, _ singular: String, _ plural: String? = nil) -> String {
    "\(grouped(number)) \(number == 1 ? singular : plural ?? singular + "s")"
  }
}

/// A text that is not the value it should be. The sentence says what would be.
struct ValueError: Error, Equatable, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
