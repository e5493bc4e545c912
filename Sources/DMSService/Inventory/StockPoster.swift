internal import DMSAPI
internal import DMSDomain
internal import DMSStorage

/// Posts movements within one write: balances, ledger, change events, and what follows for orders.
///
/// Balances are read once, changed in memory, and written once at the end, so that a write which touches one balance
/// often costs one row. Used by one thread, within one write.
struct StockPoster {
  /// What every movement of the write shares.
  struct Cause {
    var name: String
    var actor: String
    var note = ""
  }

  private let transaction: WriteTransaction
  private let cause: Cause
  private var rows: [StockKey: StockRow] = [:]
  /// The balances that were touched, in the order in which they were first.
  private var order: [StockKey] = []
  private var touched: Set<StockKey> = []
  private var movements: [DMSStorage.StockMovement] = []
  private var excess: [StockKey: Quantity] = [:]

  init(_ transaction: WriteTransaction, cause: Cause) throws {
    self.transaction = transaction
    self.cause = cause
  }

  /// Reads the balances of `keys` in one go; those that never moved are nothing.
  mutating func load(_ keys: [StockKey]) throws {
    let missing = Array(Set(keys).subtracting(rows.keys)).sorted()
    for (key, row) in zip(missing, try transaction.stock(missing)) {
      rows[key] = row ?? StockRow(key: key, balance: StockBalance(), asOf: transaction.now, revision: 0)
    }
  }

  /// The balance as it is after what was posted so far; ``load(_:)`` must have read it.
  func balance(_ key: StockKey) -> StockBalance {
    rows[key]?.balance ?? StockBalance()
  }

  /// Takes over a posting that the domain has decided on. One without a change still is a word on the balance.
  mutating func take(
    _ posting: StockPosting, _ key: StockKey, kind: DMSDomain.MovementKind, causeID: String, document: String = "",
    businessDate: BusinessDate, eventTime: InstantMicros
  ) throws {
    if !posting.change.isZero {
      guard movements.count < RowID.perWrite else {
        throw ServiceError.limitExceeded(name: "movements in one commit", limit: Int64(RowID.perWrite))
      }
      movements.append(
        DMSStorage.StockMovement(
          key: key, kind: kind, change: posting.change, balance: posting.balance.onHand, cause: cause.name,
          causeID: causeID, document: document, businessDate: businessDate, eventTime: eventTime,
          recordTime: transaction.now, actor: cause.actor, note: cause.note))
    }
    if touched.insert(key).inserted { order.append(key) }
    rows[key] = StockRow(key: key, balance: posting.balance, asOf: eventTime, revision: 0)
    excess[key] = posting.excess.isPositive ? posting.excess : nil
  }

  /// Writes everything, withdraws reservations that stock no longer covers, and reports the changed balances.
  ///
  /// - Returns: the changed balances, without this write's revision, and the orders that lost reservations.
  func finish(authority: DMSDomain.StockAuthority) throws -> (rows: [StockKey: StockRow], withdrawn: [OrderID]) {
    var rows = rows
    var withdrawn: [OrderID] = []
    // Reservations go first: the schema refuses a balance below what is reserved.
    for key in order {
      guard let excess = excess[key] else { continue }
      withdrawn += try ReservationUpkeep.withdraw(
        excess, warehouse: WarehouseID(unchecked: key.location.place.value), sku: key.sku, actor: cause.actor,
        in: transaction)
      rows[key]?.balance.reserved = try transaction.stock([key])[0]?.balance.reserved ?? 0
    }
    try transaction.saveOnHand(order.compactMap { rows[$0] })
    try transaction.insert(movements)
    for key in order {
      guard let row = rows[key] else { continue }
      try transaction.append(try StockLevelWire.event(row, authority: authority))
    }
    let freed = Set(
      movements.filter { $0.change.isPositive && $0.key.location.owner == StockOwner.brand }.map { $0.key.sku })
    if !freed.isEmpty, try !ReservationUpkeep.fill(freed.sorted(), in: transaction).isEmpty {
      for key in order { rows[key] = try transaction.stock([key])[0] ?? rows[key] }
    }
    return (rows, withdrawn)
  }
}
