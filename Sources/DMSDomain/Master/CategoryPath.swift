/// Where a product stands in the tree of categories: names from the root, joined by `/`; empty for the root itself.
public struct CategoryPath: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The names joined by `/`.
  public let value: String

  /// Takes a path that was validated before. Checks nothing.
  public init(unchecked value: String) {
    self.value = value
  }

  /// Takes a path from outside; throws what is wrong with it. Empty is the root.
  public init(validating text: String) throws(IdentifierError) {
    if !text.isEmpty {
      try IdentifierRules.check(text, max: Limits.categoryPathCharactersMax)
    }
    value = text
  }

  /// True when this category is `other` or stands below it.
  public func isWithin(_ other: CategoryPath) -> Bool {
    guard value.utf8.starts(with: other.value.utf8) else { return false }
    let rest = value.utf8.dropFirst(other.value.utf8.count)
    return rest.isEmpty || other.value.isEmpty || other.value.utf8.last == UInt8(ascii: "/")
      || rest.first == UInt8(ascii: "/")
  }

  /// The names joined by `/`.
  public var description: String { value }

  /// Orders by the bytes of the path.
  public static func < (left: CategoryPath, right: CategoryPath) -> Bool {
    left.value < right.value
  }
}
