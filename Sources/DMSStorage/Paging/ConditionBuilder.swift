package import DMSDomain

/// Puts together the conditions of a list's statement. Values are bound, never spliced into the text.
package struct ConditionBuilder {
  private var conditions: [String] = []
  /// What is bound, in the order of the numbers.
  package private(set) var parameters: [SQLValue] = []

  package init() {}

  /// Binds a value and returns the name of its parameter.
  package mutating func bind(_ value: SQLValue) -> String {
    parameters.append(value)
    return "?\(parameters.count)"
  }

  /// Adds a condition, a text of our own that names bound parameters.
  package mutating func add(_ condition: String) {
    conditions.append(condition)
  }

  /// All conditions joined by AND.
  package var text: String { conditions.isEmpty ? "1 = 1" : conditions.joined(separator: " AND ") }

  /// Levels of dealers below one another that are followed.
  package static let dealerLevelsMax = 16

  /// The condition that `column` names a dealer within one of the scopes.
  package mutating func visibleDealers(_ scopes: [Scope], column: String) -> String {
    var alternatives: [String] = []
    for scope in scopes {
      switch scope {
      case .all: return "1 = 1"
      case .region(let region):
        alternatives.append("\(column) IN (SELECT dealer_id FROM dealer WHERE region = \(bind(.text(region.value))))")
      case .own(let dealer):
        alternatives.append("\(column) = \(bind(.text(dealer.value)))")
      case .dealerAndBelow(let dealer):
        alternatives.append(
          """
          \(column) IN (
            WITH RECURSIVE below (dealer_id, level) AS (
              SELECT dealer_id, 1 FROM dealer WHERE dealer_id = \(bind(.text(dealer.value)))
              UNION SELECT d.dealer_id, b.level + 1 FROM dealer d JOIN below b ON d.parent_dealer_id = b.dealer_id
              WHERE b.level < \(Self.dealerLevelsMax)
            ) SELECT dealer_id FROM below)
          """)
      }
    }
    return alternatives.isEmpty ? "1 = 0" : "(\(alternatives.joined(separator: " OR ")))"
  }
}
