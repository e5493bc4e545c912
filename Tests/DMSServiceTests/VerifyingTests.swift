import DMSAPI
import DMSService
import DMSStorage
import ProtobufC
import TestPostgreSQL
import Testing

@Suite("Verifying the ledgers")
struct VerifyingTests {
  /// A change that no write of ours makes, and what undoes it.
  struct Damage: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let ledger: String
    let sql: SQL
    let mend: SQL
  }

  static let damages = [
    Damage(
      testDescription: "one piece more on hand", ledger: "stock",
      sql: "UPDATE stock_balance SET on_hand = on_hand + 1 WHERE sku = 'P1'",
      mend: "UPDATE stock_balance SET on_hand = on_hand - 1 WHERE sku = 'P1'"),
    Damage(
      testDescription: "a movement of another size", ledger: "stock",
      sql: "UPDATE stock_movement SET quantity = quantity - 1 WHERE sku = 'P2'",
      mend: "UPDATE stock_movement SET quantity = quantity + 1 WHERE sku = 'P2'"),
    Damage(
      testDescription: "one piece less reserved", ledger: "reservation",
      sql: "UPDATE stock_balance SET reserved = reserved - 1 WHERE sku = 'P1'",
      mend: "UPDATE stock_balance SET reserved = reserved + 1 WHERE sku = 'P1'"),
    Damage(
      testDescription: "an exposure of another amount", ledger: "credit",
      sql: "UPDATE credit_account SET unshipped_micros = unshipped_micros + 1 WHERE credit_account_id = 'D1'",
      mend: "UPDATE credit_account SET unshipped_micros = unshipped_micros - 1 WHERE credit_account_id = 'D1'"),
    Damage(
      testDescription: "a credit entry of another amount", ledger: "credit",
      sql: "UPDATE credit_entry SET amount_micros = amount_micros + 1 WHERE credit_account_id = 'D1'",
      mend: "UPDATE credit_entry SET amount_micros = amount_micros - 1 WHERE credit_account_id = 'D1'"),
  ]

  @Test("A balance that its ledger does not explain is found and named", arguments: damages, TestStoreKind.available)
  func found(damage: Damage, store: TestStoreKind) async throws {
    try await withServer(on: store) { server, clients in
      let world = try await World.make(server, clients, products: 2, stock: 10)
      try await world.place(World.draft("D1", [("P1", 3)]))
      let store = server.environment.store
      let write = WriteRequest(principal: "test")
      #expect(try await clients.inventory.verifyLedgers(VerifyLedgersRequest()).differenceCount == 0)

      try await store.write(write) { transaction in try transaction.execute(damage.sql) }
      let report = try await clients.inventory.verifyLedgers(VerifyLedgersRequest())
      #expect(report.differenceCount > 0)
      #expect(report.differences.contains { $0.ledger == damage.ledger })
      try await store.write(write) { transaction in try transaction.execute(damage.mend) }
    }
  }
}
