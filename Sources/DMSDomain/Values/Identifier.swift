/// A key of the business's own, with a type of its own, so that a dealer cannot be passed where a product is meant.
///
/// 1 to 64 printable characters in Unicode Form C, without a blank at either end; case-sensitive.
public protocol Identifier: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The text of the key.
  var value: String { get }

  /// Takes a text that was validated before, such as one that the store holds. Checks nothing.
  init(unchecked value: String)
}

extension Identifier {
  /// Takes a text from outside; throws what is wrong with it.
  public init(validating text: String) throws(IdentifierError) {
    try IdentifierRules.check(text)
    self.init(unchecked: text)
  }

  /// The text of the key.
  public var description: String { value }

  /// Orders by the bytes of the text, as the store does.
  public static func < (left: Self, right: Self) -> Bool {
    left.value < right.value
  }
}

/// What is wrong with a text that should be an identifier.
public enum IdentifierError: Error, Hashable, Sendable {
  /// There is no character.
  case empty
  /// There are more characters than allowed.
  case tooLong(max: Int)
  /// The character at this position, from 0, cannot be printed.
  case notPrintable(position: Int, scalar: UInt32)
  /// A blank stands at the start or the end.
  case blankAtEnd
  /// The text is not in Unicode Normalization Form C.
  case notNormalized
}

/// What every identifier must fulfil.
enum IdentifierRules {
  /// Throws the first thing that is wrong with the text. Reads no more than one character past the limit.
  static func check(_ text: String, max: Int = Limits.identifierCharactersMax) throws(IdentifierError) {
    guard !text.isEmpty else { throw .empty }
    if let verdict = Self.isPlainASCII(text, max: max) {
      guard verdict else { throw .blankAtEnd }
      return
    }
    var count = 0
    var lastIsBlank = false
    for scalar in text.unicodeScalars {
      guard count < max else { throw .tooLong(max: max) }
      guard isPrintable(scalar) else { throw .notPrintable(position: count, scalar: scalar.value) }
      lastIsBlank = scalar.properties.isWhitespace
      guard count > 0 || !lastIsBlank else { throw .blankAtEnd }
      count += 1
    }
    guard !lastIsBlank else { throw .blankAtEnd }
    guard NormalizationFormC.isNormalized(text) else { throw .notNormalized }
  }

  /// The common case without tables: nil unless all is printable ASCII within the limit, else whether the ends are no
  /// blanks.
  private static func isPlainASCII(_ text: String, max: Int) -> Bool? {
    let blank = UInt8(ascii: " ")
    let bytes = text.utf8
    guard bytes.count <= max, bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
    return bytes.first != blank && bytes.last != blank
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }
}
