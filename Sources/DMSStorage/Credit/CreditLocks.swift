/// Which credit accounts orders draw on.
enum CreditLocks {
  /// The lock keys of the accounts that the orders of `dealers` draw on; those that are unknown have none.
  ///
  /// Asked while the store is locked as shared, when no dealer can change its account.
  static func accounts(of dealers: Set<String>, on connection: any DatabaseConnection) throws -> [LockKey] {
    var keys: [LockKey] = []
    try connection.queryMany(
      "SELECT credit_account_id FROM dealer WHERE dealer_id = ?1", dealers.sorted().map { [.text($0)] }
    ) { _, row in keys.append(.creditAccount(try row.text(0))) }
    return keys
  }
}
