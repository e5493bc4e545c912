/// A postal address, as printed on a delivery note.
public struct Address: Hashable, Sendable {
  /// Who receives the goods there.
  public var recipient: String
  /// Street and house lines, at most 5.
  public var lines: [String]
  /// City or locality.
  public var city: String
  /// State, province or region.
  public var region: String
  /// Postal code.
  public var postalCode: String
  /// ISO 3166-1 alpha-2 country code, such as `US`; empty when not stated.
  public var countryCode: String

  /// An address; what is not stated is empty.
  public init(
    recipient: String = "", lines: [String] = [], city: String = "", region: String = "", postalCode: String = "",
    countryCode: String = ""
  ) {
    self.recipient = recipient
    self.lines = lines
    self.city = city
    self.region = region
    self.postalCode = postalCode
    self.countryCode = countryCode
  }

  /// Notes every wrong field under the path of the address.
  public func check(into check: inout FieldCheck, at path: @autoclosure () -> String) {
    check.text(recipient, "\(path()).recipient", max: Limits.addressLineCharactersMax)
    check.count(lines.count, "\(path()).lines", max: Limits.addressLinesMax)
    for (index, line) in lines.prefix(Limits.addressLinesMax).enumerated() {
      check.text(line, "\(path()).lines[\(index)]", max: Limits.addressLineCharactersMax)
    }
    check.text(city, "\(path()).city", max: Limits.cityCharactersMax)
    check.text(region, "\(path()).region", max: Limits.cityCharactersMax)
    check.text(postalCode, "\(path()).postal_code", max: Limits.postalCodeCharactersMax)
    let isCountry = countryCode.utf8.count == 2 && countryCode.utf8.allSatisfy { (0x41...0x5A).contains($0) }
    if !countryCode.isEmpty, !isCountry {
      check.note("\(path()).country_code", .unknownValue(countryCode))
    }
  }
}
