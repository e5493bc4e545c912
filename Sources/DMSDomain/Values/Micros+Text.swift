extension Micros {
  /// The amount for people, such as `1,234.50 USD`: at least the currency's minor digits, more where it has more.
  public func text(in currency: CurrencyCode) -> String {
    let magnitude = value.magnitude
    var fraction = String(magnitude % 1_000_000)
    fraction = String(repeating: "0", count: 6 - fraction.utf8.count) + fraction
    while fraction.utf8.count > currency.minorUnitDigits, fraction.utf8.last == UInt8(ascii: "0") {
      fraction.removeLast()
    }
    let sign = value < 0 ? "-" : ""
    let point = fraction.isEmpty ? "" : "."
    return "\(sign)\(Self.grouped(magnitude / 1_000_000))\(point)\(fraction) \(currency)"
  }

  private static func grouped(_ number: UInt64) -> String {
    var groups: [String] = []
    var rest = number
    while rest >= 1_000 {
      let group = String(rest % 1_000)
      groups.append(String(repeating: "0", count: 3 - group.utf8.count) + group)
      rest /= 1_000
    }
    groups.append(String(rest))
    return groups.reversed().joined(separator: ",")
  }
}
