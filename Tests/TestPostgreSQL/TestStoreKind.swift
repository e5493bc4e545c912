import Foundation
import Testing

/// Which database a test's store is in.
package enum TestStoreKind: Sendable, Hashable, CustomTestStringConvertible {
  case sqlite
  case postgres

  /// Both, unless the program is built without PostgreSQL or DMS_TEST_STORES says `sqlite`.
  package static let available: [TestStoreKind] = {
    #if PostgreSQL
      if ProcessInfo.processInfo.environment["DMS_TEST_STORES"] == "sqlite" { return [.sqlite] }
      return [.sqlite, .postgres]
    #else
      return [.sqlite]
    #endif
  }()

  package var testDescription: String {
    switch self {
    case .sqlite: "SQLite"
    case .postgres: "PostgreSQL"
    }
  }
}
