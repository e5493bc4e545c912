internal import DMSAPI
internal import DMSClient

/// The schemas' enumerations as words: `ORDER_STATE_IN_REVIEW` is `IN_REVIEW`.
enum EnumWord {
  /// The word of a value; empty when it is unspecified, the number when it has no name.
  static func text<Enumeration: EnumValue>(_ value: Enumeration) -> String {
    guard value.rawValue != 0 else { return "" }
    let name = value.name
    let prefix = prefix(Enumeration.self)
    return name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
  }

  /// Reads a word in any case, with `-` as good as `_`.
  static func parse<Enumeration: EnumValue>(_ text: String) throws(ValueError) -> Enumeration {
    let word = text.uppercased().replacing("-", with: "_").replacing(" ", with: "_")
    guard let value = Enumeration(name: prefix(Enumeration.self) + word), value.rawValue != 0 else {
      throw ValueError("\"\(text)\" is none of \(words(Enumeration.self).joined(separator: ", "))")
    }
    return value
  }

  /// Every word there is, in the order of the schema.
  static func words<Enumeration: EnumValue>(_ type: Enumeration.Type) -> [String] {
    Enumeration.allCases.map(text).filter { !$0.isEmpty }
  }

  /// The part that the names share: that of the zero value, which is always `…_UNSPECIFIED`.
  private static func prefix<Enumeration: EnumValue>(_ type: Enumeration.Type) -> String {
    let name = Enumeration(rawValue: 0).name
    let ending = "UNSPECIFIED"
    return name.hasSuffix(ending) ? String(name.dropLast(ending.count)) : ""
  }
}
