package import DMSDomain

/// A credit account with what is drawn on it.
package struct StoredCreditAccount: Sendable, Hashable {
  package var terms: Stored<CreditAccount>
  package var exposure: Exposure

  package init(terms: Stored<CreditAccount>, exposure: Exposure = Exposure()) {
    self.terms = terms
    self.exposure = exposure
  }
}

private let columns = """
  credit_account_id, currency_code, mode, limit_micros, temporary_limit_micros, temporary_limit_expire_time, status,
  expiry_date, document_limit_micros, overdue_days_max, overdue_micros_max, unshipped_micros, unbilled_micros,
  receivable_micros, version, create_time, update_time
  """
private let selectAccount = SQL(constant: "SELECT \(columns) FROM credit_account WHERE credit_account_id = ?1")

extension ReadTransaction {
  /// A credit account, or nil when there is none. A point read.
  package func creditAccount(_ id: CreditAccountID) throws -> StoredCreditAccount? {
    try queryOne(selectAccount, [.text(id.value)], readAccount)
  }

  /// A page of credit accounts by id, after `after`.
  package func creditAccounts(after: CreditAccountID?, limit: Int) throws -> [StoredCreditAccount] {
    try query(
      SQL(
        assembled: """
          SELECT \(columns) FROM credit_account WHERE credit_account_id > ?1 ORDER BY credit_account_id LIMIT ?2
          """), [.text(after?.value ?? ""), .integer(Int64(limit))], readAccount)
  }

  /// Whether anything was ever entered on an account.
  package func hasCreditEntries(_ id: CreditAccountID) throws -> Bool {
    try exists("SELECT 1 FROM credit_entry WHERE credit_account_id = ?1 LIMIT 1", [.text(id.value)])
  }

  /// Dealers whose orders draw on an account, by id.
  package func dealers(drawingOn id: CreditAccountID) throws -> [DealerID] {
    try query(
      "SELECT dealer_id FROM dealer WHERE credit_account_id = ?1 ORDER BY dealer_id", [.text(id.value)]
    ) { row in DealerID(unchecked: try row.text(0)) }
  }
}

extension WriteTransaction {
  /// Makes or replaces the terms of an account; what is drawn on it stays.
  package func save(_ account: Stored<CreditAccount>) throws {
    let value = account.value
    try execute(
      """
      INSERT INTO credit_account (credit_account_id, currency_code, mode, limit_micros, temporary_limit_micros,
        temporary_limit_expire_time, status, expiry_date, document_limit_micros, overdue_days_max, overdue_micros_max,
        unshipped_micros, unbilled_micros, receivable_micros, version, create_time, update_time)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 0, 0, 0, ?12, ?13, ?14)
      ON CONFLICT (credit_account_id) DO UPDATE SET currency_code = excluded.currency_code, mode = excluded.mode,
        limit_micros = excluded.limit_micros, temporary_limit_micros = excluded.temporary_limit_micros,
        temporary_limit_expire_time = excluded.temporary_limit_expire_time, status = excluded.status,
        expiry_date = excluded.expiry_date, document_limit_micros = excluded.document_limit_micros,
        overdue_days_max = excluded.overdue_days_max, overdue_micros_max = excluded.overdue_micros_max,
        version = excluded.version, update_time = excluded.update_time
      """,
      [
        .text(value.id.value), .text(value.currency.value), .integer(Int64(value.mode.rawValue)),
        .integer(value.limit.value), .integer(value.temporaryLimit.value),
        .integer(value.temporaryLimitExpiry?.value), .integer(Int64(value.status.rawValue)),
        .integer(value.expiryDate.map { Int64($0.daysSinceEpoch) }), .integer(value.documentLimit.value),
        .integer(Int64(value.overdueDaysMax)), .integer(value.overdueMax.value), .integer(account.version),
        .integer(account.createTime.value), .integer(account.updateTime.value),
      ])
  }
}

private func readAccount(_ row: borrowing Row) throws -> StoredCreditAccount {
  let id = CreditAccountID(unchecked: try row.text(0))
  guard let currency = try? CurrencyCode(validating: try row.text(1)),
    let mode = CreditMode(rawValue: Int(try row.int64(2))), let status = CreditStatus(rawValue: Int(try row.int64(6))),
    let overdueDays = Int32(exactly: try row.int64(9))
  else { throw UnreadableRow(table: "credit_account", key: id.value) }
  return StoredCreditAccount(
    terms: Stored(
      CreditAccount(
        id: id, currency: currency, mode: mode, limit: Micros(try row.int64(3)),
        temporaryLimit: Micros(try row.int64(4)),
        temporaryLimitExpiry: try row.optionalInt64(5).map { InstantMicros($0) }, status: status,
        expiryDate: try row.optionalInt64(7).map { try BusinessDate(daysSinceEpoch: $0) },
        documentLimit: Micros(try row.int64(8)), overdueDaysMax: overdueDays, overdueMax: Micros(try row.int64(10))),
      version: try row.int64(14), createTime: InstantMicros(try row.int64(15)),
      updateTime: InstantMicros(try row.int64(16))),
    exposure: Exposure(
      unshipped: Micros(try row.int64(11)), unbilled: Micros(try row.int64(12)),
      receivable: Micros(try row.int64(13))))
}
