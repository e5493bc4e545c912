/// One step of the schema's history: carried out once, in a transaction of its own, and never edited once released.
package struct Migration: Sendable {
  /// Its place: 1, 2, … without gaps.
  package var number: Int
  package var name: String
  /// Statements in the words that ``Dialect/translate(_:)`` knows.
  package var statements: [String]

  package init(number: Int, name: String, statements: [String]) {
    self.number = number
    self.name = name
    self.statements = statements
  }

  /// Every migration of this release, in order.
  package static let all = [
    Migration(number: 1, name: "tables", statements: Migration0001Engine.statements + Migration0001Tables.statements),
    Migration(number: 2, name: "shared servers", statements: Migration0002Engine.statements),
  ]
}
