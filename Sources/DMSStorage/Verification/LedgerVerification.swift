/// What a recomputation of every balance from its ledger found.
package struct LedgerReport: Sendable, Hashable {
  /// A balance that its ledger does not explain.
  package struct Difference: Sendable, Hashable {
    package var ledger: String
    package var key: String
    /// What the ledger says.
    package var expected: Int64
    /// What the balance says.
    package var actual: Int64
  }

  package var revision: Int64 = 0
  package var stockBalances: Int64 = 0
  package var movements: Int64 = 0
  package var reservationBalances: Int64 = 0
  package var creditAccounts: Int64 = 0
  package var creditEntries: Int64 = 0
  package var orderLines: Int64 = 0
  /// The first differences found, up to the number asked for.
  package var differences: [Difference] = []
  /// All differences found.
  package var differenceCount: Int64 = 0
}

extension ReadTransaction {
  /// Recomputes every balance from its ledger, in this snapshot. Reads every movement, entry and line: seconds for
  /// millions of rows.
  package func verifyLedgers(differencesMax: Int) throws -> LedgerReport {
    var report = LedgerReport()
    report.revision = try storeRevision()
    report.stockBalances = try count("SELECT count(*) FROM stock_balance")
    report.movements = try count("SELECT count(*) FROM stock_movement")
    report.reservationBalances = try count("SELECT count(*) FROM stock_balance WHERE owner = ''")
    report.creditAccounts = try count("SELECT count(*) FROM credit_account")
    report.creditEntries = try count("SELECT count(*) FROM credit_entry")
    report.orderLines = try count("SELECT count(*) FROM sales_order_line")
    for (ledger, sql) in Self.comparisons {
      try forEach(sql) { row in
        report.differenceCount += 1
        if report.differences.count < differencesMax {
          report.differences.append(
            LedgerReport.Difference(
              ledger: ledger, key: try row.text(0), expected: try row.int64(1), actual: try row.int64(2)))
        }
        return true
      }
    }
    return report
  }

  private func count(_ sql: SQL) throws -> Int64 {
    try queryOne(sql) { row in try row.int64(0) } ?? 0
  }

  /// Each names its rows, what the ledger says, and what the balance says; only those that differ come.
  private static let comparisons: [(ledger: String, sql: SQL)] = [
    (
      "stock",
      """
      SELECT CASE WHEN owner = '' THEN 'BRAND' ELSE owner END || '/' || location_id || '/' || sku, CAST(sum(moved) AS BIGINT), CAST(sum(held) AS BIGINT)
      FROM (
        SELECT owner, location_id, sku, lot, status, quantity AS moved, 0 AS held FROM stock_movement
        UNION ALL
        SELECT owner, location_id, sku, lot, status, 0, on_hand FROM stock_balance
      ) AS both_sides
      GROUP BY owner, location_id, sku, lot, status HAVING sum(moved) <> sum(held)
      """
    ),
    (
      "reservation",
      """
      SELECT location_id || '/' || sku, CAST(sum(promised) AS BIGINT), CAST(sum(held) AS BIGINT)
      FROM (
        SELECT warehouse_id AS location_id, sku, quantity AS promised, 0 AS held FROM stock_reservation
        UNION ALL
        SELECT location_id, sku, 0, reserved FROM stock_balance WHERE owner = '' AND lot = '' AND status = 1
      ) AS both_sides
      GROUP BY location_id, sku HAVING sum(promised) <> sum(held)
      """
    ),
    (
      "reservation",
      """
      SELECT order_id || '/' || line_number, CAST(sum(promised) AS BIGINT), CAST(sum(held) AS BIGINT)
      FROM (
        SELECT order_id, line_number, quantity AS promised, 0 AS held FROM stock_reservation
        UNION ALL
        SELECT order_id, line_number, 0, reserved_quantity FROM sales_order_line
      ) AS both_sides
      GROUP BY order_id, line_number HAVING sum(promised) <> sum(held)
      """
    ),
    (
      "reservation",
      """
      SELECT r.order_id || '/' || r.line_number, 0, r.quantity
      FROM stock_reservation r JOIN sales_order o ON o.order_id = r.order_id WHERE o.state NOT IN (2, 3, 4)
      """
    ),
    (
      "credit",
      """
      SELECT credit_account_id || '/' || bucket, CAST(sum(entered) AS BIGINT), CAST(sum(held) AS BIGINT)
      FROM (
        SELECT credit_account_id, bucket, amount_micros AS entered, 0 AS held FROM credit_entry
        UNION ALL SELECT credit_account_id, 1, 0, unshipped_micros FROM credit_account
        UNION ALL SELECT credit_account_id, 2, 0, unbilled_micros FROM credit_account
        UNION ALL SELECT credit_account_id, 3, 0, receivable_micros FROM credit_account
      ) AS both_sides
      GROUP BY credit_account_id, bucket HAVING sum(entered) <> sum(held)
      """
    ),
    (
      "credit",
      """
      SELECT a.credit_account_id || '/orders', a.unshipped_micros,
        CAST(coalesce((SELECT sum(o.booked_micros) FROM sales_order o WHERE o.credit_account_id = a.credit_account_id), 0) AS BIGINT)
      FROM credit_account a
      WHERE a.unshipped_micros <> coalesce(
        (SELECT sum(o.booked_micros) FROM sales_order o WHERE o.credit_account_id = a.credit_account_id), 0)
      """
    ),
    (
      "order_line",
      """
      SELECT order_id || '/' || line_number, ordered_quantity + over_shipped_quantity,
        cancelled_quantity + closed_short_quantity + open_quantity + shipped_quantity
      FROM sales_order_line
      WHERE ordered_quantity + over_shipped_quantity
        <> cancelled_quantity + closed_short_quantity + open_quantity + shipped_quantity
      """
    ),
  ]
}
