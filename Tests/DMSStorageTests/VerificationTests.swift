import Foundation
import TestPostgreSQL
import Testing

@testable import DMSStorage

@Suite("Verifying a store")
struct VerificationTests {
  private let maintenance = StoreMaintenance(options: StoreOptions(nowMicros: { 1_700_000_000_000_000 }))

  /// A dealer with credit, a product in stock, an order, and what they left in ledgers and log.
  private static let sound: [SQL] = [
    "INSERT INTO credit_account VALUES ('C1', 'USD', 1, 0, 0, NULL, 1, NULL, 0, 0, 0, 0, 0, 0, 1, 1, 1)",
    """
    INSERT INTO dealer VALUES ('D1', 'Dealer', '', '', NULL, 1, 'USD', '', 'C1', NULL, '', 1, 1, 60, NULL, 1, 1, 1)
    """,
    "INSERT INTO product VALUES ('P1', '', 'EA', 1, 0, 1, 0, 1, 'USD', 0, 0, 0, '', 0, 0, 0, 1, 1, 1)",
    "INSERT INTO stock_balance VALUES ('', 'MAIN', 'P1', '', 1, 10, 0, 1, 1)",
    """
    INSERT INTO stock_movement VALUES (1, '', 'MAIN', 'P1', '', 1, 1, 10, 10, 'count', '', '', 1, 1, 1, 'tester', '', 1)
    """,
    "INSERT INTO change_log SELECT 1, 0, 1, 'P1', NULL, 1, document FROM rule_set",
    "INSERT INTO change_log SELECT 1, 1, 1, 'P1', NULL, 1, document FROM rule_set",
    "INSERT INTO change_log SELECT 3, 0, 1, 'P1', NULL, 1, document FROM rule_set",
    "INSERT INTO stored_reply SELECT 2, 'tester', 'Method', 'R1', document, document, 1 FROM rule_set",
    "UPDATE store_state SET value = 3 WHERE name = 'revision'",
  ]

  private func verify(_ kind: TestStoreKind = .sqlite, after faults: [SQL]) async throws -> VerificationReport {
    try await withTestPlace(kind) { place in
      try await withStore(in: place, migrations: Migration.all) { _ in }
      let driver = try place.driver(StoreOptions(nowMicros: { 1 }))
      defer { driver.close() }
      let connection = try driver.openWriter()
      try connection.execute("INSERT INTO rule_set VALUES (1, ?1, 'tester', 1)", [.blob([0])])
      for sql in Self.sound { try connection.execute(sql, []) }
      switch kind {
      case .sqlite:
        try connection.execute("PRAGMA foreign_keys = OFF", [])
        try connection.execute("PRAGMA ignore_check_constraints = ON", [])
      case .postgres:
        try connection.execute("SET session_replication_role = replica", [])
      }
      for sql in faults { try connection.execute(sql, []) }
      connection.close()
      return try maintenance.verify(place.location)
    }
  }

  @Test(
    "A sound store has no findings, also with revisions that brought no change", arguments: TestStoreKind.available)
  func soundStore(_ kind: TestStoreKind) async throws {
    let report = try await verify(kind, after: [])
    #expect(report.findings == [])
    #expect(report.isSound)
    #expect(report.revision == 3)
    #expect(report.changes == 3)
    #expect(report.ledgers.movements == 1)
    #expect(report.tables.first { $0.name == "dealer" }?.rows == 1)
  }

  /// A fault, and the check that must find it.
  struct Fault: Sendable, CustomTestStringConvertible {
    var name: String
    var sql: [SQL]
    var check: VerificationReport.Finding.Check
    var count: Int64 = 1

    var testDescription: String { name }
  }

  @Test("What is wrong is found, and nothing else", arguments: TestStoreKind.available, plantedFaults)
  func faults(_ kind: TestStoreKind, _ fault: Fault) async throws {
    // PostgreSQL cannot be told to take what its schema forbids.
    if fault.check == .integrity, kind != .sqlite { return }
    let report = try await verify(kind, after: fault.sql)
    #expect(report.findings.map(\.check) == [fault.check], "\(report.findings)")
    #expect(report.findings.first?.count == fault.count)
    #expect(!report.isSound)
  }

  private static let plantedFaults = [
    Fault(name: "a balance beside its ledger", sql: ["UPDATE stock_balance SET on_hand = 11"], check: .ledgers),
    Fault(
      name: "a credit balance beside its ledger", sql: ["UPDATE credit_account SET receivable_micros = 1"],
      check: .ledgers),
    Fault(
      name: "rows without the row they name",
      sql: [
        "INSERT INTO product_name VALUES ('P8', 'en', 'Lost'), ('P9', 'en', 'Lost')"
      ], check: .foreignKeys, count: 2),
    Fault(
      name: "a dealer below one that is not there", sql: ["UPDATE dealer SET parent_dealer_id = 'D0'"],
      check: .foreignKeys),
    Fault(
      name: "a gap within a revision", sql: ["UPDATE change_log SET position = 2 WHERE position = 1"],
      check: .changeLog),
    Fault(
      name: "a revision that begins late", sql: ["UPDATE change_log SET position = 1 WHERE revision = 3"],
      check: .changeLog),
    Fault(
      name: "a movement whose change is gone", sql: ["DELETE FROM change_log WHERE revision = 1"], check: .changeLog),
    Fault(
      name: "a change beyond the counter", sql: ["UPDATE change_log SET revision = 4 WHERE revision = 3"],
      check: .changeLog),
    Fault(
      name: "a reply beyond the counter", sql: ["UPDATE stored_reply SET revision = 9"], check: .changeLog),
    Fault(name: "a row beyond the counter", sql: ["UPDATE stock_balance SET revision = 4"], check: .changeLog),
    Fault(
      name: "changes that should be compacted",
      sql: ["UPDATE store_state SET value = 1 WHERE name = 'compacted'"], check: .changeLog, count: 2),
    Fault(
      name: "a value the schema forbids", sql: ["UPDATE product SET tax_rate_bps = 10001"], check: .integrity),
  ]

  @Test("A store is verified while it is served", arguments: TestStoreKind.available)
  func whileServed(_ kind: TestStoreKind) async throws {
    try await withTestPlace(kind) { place in
      try await withStore(in: place, migrations: Migration.all) { store in
        #expect(try maintenance.verify(place.location).isSound)
        _ = try await store.write(WriteRequest(.interactive, principal: "tester")) { transaction in
          try transaction.append(ChangeEvent(kind: 1, key: "a", dealerID: nil, payload: []))
        }
        #expect(try maintenance.verify(place.location).changes == 1)
      }
    }
  }
}
