package import DMSDomain

/// A movement as the ledger keeps it, for ever.
package struct StockMovement: Sendable, Hashable {
  /// Counts up in the order of commits; 0 before it is in the ledger.
  package var id: Int64
  package var key: StockKey
  package var kind: MovementKind
  /// Change of the balance, never 0.
  package var change: Quantity
  /// On hand after it.
  package var balance: Quantity
  /// What caused it, such as `adjustment` or `stream`.
  package var cause: String
  /// Identifier of the cause.
  package var causeID: String
  /// The document behind it; empty when none is named.
  package var document: String
  package var businessDate: BusinessDate
  /// When it happened, as reported.
  package var eventTime: InstantMicros
  /// When it was recorded.
  package var recordTime: InstantMicros
  package var actor: String
  package var note: String
  /// Store revision of its commit; 0 before it is in the ledger.
  package var revision: Int64

  package init(
    id: Int64 = 0, key: StockKey, kind: MovementKind, change: Quantity, balance: Quantity, cause: String,
    causeID: String,
    document: String = "", businessDate: BusinessDate, eventTime: InstantMicros, recordTime: InstantMicros,
    actor: String, note: String = "", revision: Int64 = 0
  ) {
    self.id = id
    self.key = key
    self.kind = kind
    self.change = change
    self.balance = balance
    self.cause = cause
    self.causeID = causeID
    self.document = document
    self.businessDate = businessDate
    self.eventTime = eventTime
    self.recordTime = recordTime
    self.actor = actor
    self.note = note
    self.revision = revision
  }
}

extension WriteTransaction {
  /// Adds movements to the ledger, once in a write; each gets its identifier from the write's revision.
  package func insert(_ movements: [StockMovement]) throws {
    guard !movements.isEmpty else { return }
    try executeWithRevision(
      """
      INSERT INTO stock_movement (movement_id, owner, location_id, sku, lot, status, kind, quantity, balance, cause,
        cause_id, document_id, business_date, event_time, record_time, actor, note, revision)
      VALUES (?1, ?2, ?3, ?4, '', 1, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
      """
    ) { revision in
      movements.enumerated().map { index, movement in
        [
          .integer(RowID.make(revision, index)), .text(movement.key.location.owner.key),
          .text(movement.key.location.place.value),
          .text(movement.key.sku.value), .integer(Int64(movement.kind.rawValue)), .integer(movement.change.value),
          .integer(movement.balance.value), .text(movement.cause), .text(movement.causeID), .text(movement.document),
          .integer(Int64(movement.businessDate.daysSinceEpoch)), .integer(movement.eventTime.value),
          .integer(movement.recordTime.value), .text(movement.actor), .text(movement.note),
          .integer(revision),
        ]
      }
    }
  }
}

extension ReadTransaction {
  /// A page of movements in the order of commits, after `after`.
  package func movements(_ filter: StockFilter, after: Int64, limit: Int) throws -> [StockMovement] {
    var clause = ConditionBuilder()
    clause.add("m.movement_id > \(clause.bind(.integer(after)))")
    filter.apply(to: &clause, alias: "m")
    let sql = SQL(
      assembled: """
        SELECT m.movement_id, m.owner, m.location_id, m.sku, m.kind, m.quantity, m.balance, m.cause, m.cause_id,
          m.document_id, m.business_date, m.event_time, m.record_time, m.actor, m.note, m.revision
        FROM stock_movement m WHERE \(clause.text)
        ORDER BY m.movement_id LIMIT \(clause.bind(.integer(Int64(limit))))
        """)
    return try query(sql, clause.parameters) { row in
      let id = try row.int64(0)
      guard let kind = MovementKind(rawValue: Int(try row.int64(4))) else {
        throw UnreadableRow(table: "stock_movement", key: String(id))
      }
      return StockMovement(
        id: id,
        key: StockKey(
          location: StockLocation(
            owner: StockOwner(key: try row.text(1)), place: LocationID(unchecked: try row.text(2))),
          sku: SKU(unchecked: try row.text(3))),
        kind: kind, change: Quantity(try row.int64(5)), balance: Quantity(try row.int64(6)), cause: try row.text(7),
        causeID: try row.text(8), document: try row.text(9),
        businessDate: try BusinessDate(daysSinceEpoch: try row.int64(10)), eventTime: InstantMicros(try row.int64(11)),
        recordTime: InstantMicros(try row.int64(12)), actor: try row.text(13), note: try row.text(14),
        revision: try row.int64(15))
    }
  }
}
