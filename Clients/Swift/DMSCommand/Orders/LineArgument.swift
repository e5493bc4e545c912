internal import DMSAPI
internal import DMSClient

/// A line as it is typed: `SKU=QUANTITY[UNIT][@PRICE]`, such as `10788=12`, `10788=2case` or `10788=12@14.93`.
struct LineArgument: Equatable, Sendable {
  var sku: String
  var quantity: Int64
  /// A unit of the product; empty for its base unit.
  var unit = ""
  /// The price per base unit in micros.
  var priceMicros: Int64?

  init(sku: String, quantity: Int64, unit: String = "", priceMicros: Int64? = nil) {
    self.sku = sku
    self.quantity = quantity
    self.unit = unit
    self.priceMicros = priceMicros
  }

  /// Reads a line. The last `=` counts, so that a sku may hold one.
  init(_ text: String) throws(ValueError) {
    guard let equals = text.lastIndex(of: "="), equals > text.startIndex else { throw Self.unreadable(text) }
    sku = String(text[..<equals])
    let parts = text[text.index(after: equals)...].split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let amount = parts[0]
    let digits = amount.prefix { $0 == "-" || $0.isASCII && $0.isNumber }
    guard let quantity = Int64(digits) else { throw Self.unreadable(text) }
    self.quantity = quantity
    unit = String(amount[digits.endIndex...].drop(while: \.isWhitespace))
    priceMicros = parts.count > 1 ? try MoneyText.micros(String(parts[1])) : nil
  }

  /// Reads a line, for options.
  static func parse(_ text: String) throws(ValueError) -> LineArgument {
    try LineArgument(text)
  }

  private static func unreadable(_ text: String) -> ValueError {
    ValueError("\"\(text)\" is not a line: write SKU=QUANTITY, such as 10788=12, 10788=2case or 10788=12@14.93")
  }
}

/// What a price that a caller brings along means.
enum PriceMeaning: String, CaseIterable, Sendable {
  /// The order pays the list's price, and is refused when that is another one.
  case expected
  /// The order pays this price, whatever the list says. Needs the permission for it.
  case agreed
  /// The price is passed over.
  case ignored
}

extension OrderLineDraft {
  /// A line of a draft.
  init(_ line: LineArgument, _ meaning: PriceMeaning, reason: String) {
    self.init()
    sku = line.sku
    quantity = line.quantity
    unit = line.unit
    guard let price = line.priceMicros else { return }
    switch meaning {
    case .expected:
      expectedUnitPriceMicros = price
    case .agreed:
      agreedUnitPriceMicros = price
      agreedPriceReason = reason
    case .ignored:
      break
    }
  }
}
