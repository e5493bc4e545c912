package import DMSDomain

private let insertOrder = SQL(
  constant: """
    INSERT INTO sales_order (\(OrderColumns.names), submit_revision, priority)
    VALUES (\((1...33).map { "?\($0)" }.joined(separator: ", ")), 0)
    """)
private let insertLine = SQL(
  constant: """
    INSERT INTO sales_order_line (\(OrderLineColumns.names))
    VALUES (\((1...31).map { "?\($0)" }.joined(separator: ", ")))
    """)

extension WriteTransaction {
  /// Writes an order that did not exist, with everything that its change brings. Throws ``OrderExists`` when the id is
  /// taken; one that was made at random is not looked up.
  /// - Returns: the balances that it moved, as they are now.
  package func insert(_ change: OrderChange, actor: PrincipalID, isIDNew: Bool) throws -> [StockRow] {
    let order = change.order
    guard try isIDNew || !exists("SELECT 1 FROM sales_order WHERE order_id = ?1", [.text(order.id.value)]) else {
      throw OrderExists(id: order.id)
    }
    let revision = try earlyRevision
    let isSubmitted = order.submitTime != nil
    try execute(
      insertOrder,
      OrderColumns.values(order, revision: revision ?? 0) + [isSubmitted ? .integer(revision) : .null])
    try insertLines(of: order)
    try insertReservations(of: order)
    let moved = try insertEffects(of: change, actor: actor)
    guard revision == nil else { return moved }
    late(
      """
      UPDATE sales_order SET revision = CASE WHEN revision < ?2 THEN ?2 ELSE revision END,
        submit_revision = CASE WHEN ?3 = 1 AND submit_revision IS NULL THEN ?2 ELSE submit_revision END
      WHERE order_id = ?1
      """
    ) { revision in [[.text(order.id.value), .integer(revision), .bool(isSubmitted)]] }
    return moved
  }

  /// Writes an order over itself as a change left it.
  ///
  /// - Parameter stored: the order before the change.
  /// - Returns: the balances that it moved, as they are now.
  package func update(_ stored: StoredOrder, with change: OrderChange, actor: PrincipalID) throws -> [StockRow] {
    let order = change.order
    let revision = try revision
    // When the order enters the queue of submissions is kept through later changes, until it is submitted anew.
    let isSubmission = order.submitTime != nil && order.submitTime != stored.order.submitTime
    try execute(
      """
      UPDATE sales_order SET state = ?2, currency_code = ?3, business_date = ?4, requested_delivery_date = ?5,
        ship_to = ?6, payment_terms = ?7, customer_reference = ?8, ship_policy = ?9, freight_micros = ?10,
        net_micros = ?11, tax_micros = ?12, total_micros = ?13, credit_account_id = ?14, booked_micros = ?15,
        approved_ceiling_micros = ?16, content_hash = ?17, lines_hash = ?18, rule_set_version = ?19,
        decision_sequence = ?20, timeline_count = ?21, line_count = ?22, note = ?23, submitted_by = ?24,
        update_time = ?25, submit_time = ?26, review_expire_time = ?27, version = ?28, revision = ?29,
        submit_revision = CASE WHEN ?30 = 1 THEN ?29 WHEN CAST(?26 AS BIGINT) IS NULL THEN NULL ELSE submit_revision END
      WHERE order_id = ?1
      """, updateValues(order, revision: revision, isSubmission: isSubmission))
    if order.lines != stored.order.lines {
      // What refers to a line goes before it.
      for statement in [
        "DELETE FROM stock_reservation WHERE order_id = ?1", "DELETE FROM sales_order_discount WHERE order_id = ?1",
        "DELETE FROM sales_order_line WHERE order_id = ?1",
      ] as [SQL] {
        try execute(statement, [.text(order.id.value)])
      }
      try insertLines(of: order)
      try insertReservations(of: order)
    }
    return try insertEffects(of: change, actor: actor)
  }

  private func updateValues(_ order: Order, revision: Int64, isSubmission: Bool) -> [SQLValue] {
    let header = order.header
    return [
      .text(order.id.value), .integer(Int64(order.state.rawValue)), .text(header.currency.value),
      .integer(Int64(header.businessDate.daysSinceEpoch)),
      .integer(header.requestedDeliveryDate.map { Int64($0.daysSinceEpoch) }),
      .blob(header.shipTo.map { AddressColumn.encode($0) }), .text(header.paymentTerms),
      .text(header.customerReference), .integer(Int64(header.shipPolicy.rawValue)), .integer(header.freight.value),
      .integer(order.totals.net.value), .integer(order.totals.tax.value), .integer(order.totals.total.value),
      .text(order.creditAccount.value), .integer(order.booked.value), .integer(order.approvedCeiling.value),
      order.contentHash.isEmpty ? .null : .blob(order.contentHash),
      order.linesHash.isEmpty ? .null : .blob(order.linesHash), .integer(order.ruleSetVersion),
      .integer(order.decisionSequence), .integer(order.timelineCount), .integer(Int64(order.lines.count)),
      .text(header.note), .text(order.submittedBy?.value), .integer(order.updateTime.value),
      .integer(order.submitTime?.value), .integer(order.reviewExpireTime?.value), .integer(order.version),
      .integer(revision), .bool(isSubmission),
    ]
  }

  private func insertLines(of order: Order) throws {
    try executeMany(
      insertLine,
      order.lines.enumerated().map { index, line in OrderLineColumns.values(line, order: order.id, index: index) })
    var discounts: [[SQLValue]] = []
    for (index, line) in order.lines.enumerated() {
      for (position, discount) in line.price.discounts.enumerated() {
        discounts.append([
          .text(order.id.value), .integer(Int64(index + 1)), .integer(Int64(position)), .text(discount.name),
          .integer(discount.amount.value),
        ])
      }
    }
    guard !discounts.isEmpty else { return }
    try executeMany(
      """
      INSERT INTO sales_order_discount (order_id, line_number, position, name, amount_micros)
      VALUES (?1, ?2, ?3, ?4, ?5)
      """, discounts)
  }

  private func insertReservations(of order: Order) throws {
    var rows: [[SQLValue]] = []
    for (index, line) in order.lines.enumerated() {
      for reservation in line.reservations {
        rows.append([
          .text(order.id.value), .integer(Int64(index + 1)), .text(reservation.warehouse.value),
          .text(line.request.sku.value), .integer(reservation.quantity.value),
        ])
      }
    }
    guard !rows.isEmpty else { return }
    try executeMany(
      """
      INSERT INTO stock_reservation (order_id, line_number, warehouse_id, sku, quantity) VALUES (?1, ?2, ?3, ?4, ?5)
      """, rows)
  }

  /// Writes what a change brings beside the order's own rows: reserved balances, credit, timeline.
  private func insertEffects(of change: OrderChange, actor: PrincipalID) throws -> [StockRow] {
    let moved = try changeReserved(
      change.reservations.map {
        (StockKey(location: StockLocation($0.warehouse), sku: $0.sku), $0.change)
      })
    try post(change.credit, businessDate: change.order.header.businessDate, actor: actor)
    let id = change.order.id.value
    try executeWithRevision(
      """
      INSERT INTO sales_order_timeline (order_id, sequence, kind, from_state, to_state, actor, comment,
        rule_set_version, decision, record_time, revision)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
      """
    ) { revision in
      change.timeline.map { entry in
        [
          .text(id), .integer(entry.sequence), .integer(Int64(entry.kind.rawValue)),
          .integer(Int64(entry.from?.rawValue ?? 0)), .integer(Int64(entry.to.rawValue)), .text(entry.actor.value),
          .text(entry.comment), .integer(entry.decision?.ruleSetVersion ?? 0), .blob(entry.decision?.bytes),
          .integer(entry.time.value), .integer(revision),
        ]
      }
    }
    return moved
  }
}

/// An order's id is taken.
package struct OrderExists: Error, Sendable, Hashable {
  package let id: OrderID
}
