package import DMSDomain

/// An order as the store keeps it.
package struct StoredOrder: Sendable, Hashable {
  package var order: Order
  /// Store revision of its last change.
  package var revision: Int64

  package init(_ order: Order, revision: Int64) {
    self.order = order
    self.revision = revision
  }
}

private let selectOrder = SQL(constant: "SELECT \(OrderColumns.names) FROM sales_order WHERE order_id = ?1")
private let selectLines = SQL(
  constant: "SELECT \(OrderLineColumns.names) FROM sales_order_line WHERE order_id = ?1 ORDER BY line_number")

extension ReadTransaction {
  /// An order with everything, or nil when there is none. Point reads, and a range for each kind of part.
  package func order(_ id: OrderID) throws -> StoredOrder? {
    guard let (order, revision) = try queryOne(selectOrder, [.text(id.value)], OrderColumns.read) else { return nil }
    return try complete([(order, revision)], lines: true)[0]
  }

  /// A page of orders.
  ///
  /// - Parameters:
  ///   - condition: what the caller's filter asks for, over the columns of `sales_order o`.
  ///   - keyset: the order of the list; its columns make a row's place unique.
  package func orders(
    _ clause: ConditionBuilder, keyset: KeysetOrder, limit: Int, lines: Bool
  ) throws -> [StoredOrder] {
    var clause = clause
    let names = OrderColumns.names.split(separator: ",")
      .map { "o." + $0.filter { !$0.isWhitespace } }.joined(separator: ", ")
    let sql = SQL(
      assembled: """
        SELECT \(names) FROM sales_order o WHERE \(clause.text)
        ORDER BY \(keyset.orderBy) LIMIT \(clause.bind(.integer(Int64(limit))))
        """)
    let rows = try query(sql, clause.parameters, OrderColumns.read)
    return try complete(rows, lines: lines)
  }

  /// A live order of the dealer with this reference, other than `except`; nil when there is none.
  package func liveOrder(of dealer: DealerID, reference: String, except: OrderID) throws -> OrderID? {
    try queryOne(
      """
      SELECT order_id FROM sales_order
      WHERE dealer_id = ?1 AND customer_reference = ?2 AND customer_reference <> '' AND state NOT IN (8, 9)
        AND order_id <> ?3 LIMIT 1
      """, [.text(dealer.value), .text(reference), .text(except.value)]
    ) { row in OrderID(unchecked: try row.text(0)) }
  }

  /// A live order of the dealer with the same products and quantities, dated `from` or later, other than `except`.
  package func liveOrder(
    of dealer: DealerID, linesHash: [UInt8], from: BusinessDate, except: OrderID
  ) throws -> OrderID? {
    // The plus keeps the date out of the choice of an index: a dealer's recent orders are many, those with these
    // lines few.
    try queryOne(
      """
      SELECT order_id FROM sales_order
      WHERE dealer_id = ?1 AND lines_hash = ?2 AND lines_hash IS NOT NULL AND +business_date >= ?3
        AND state NOT IN (8, 9) AND order_id <> ?4 LIMIT 1
      """,
      [
        .text(dealer.value), .blob(linesHash), .integer(Int64(from.daysSinceEpoch)), .text(except.value),
      ]
    ) { row in OrderID(unchecked: try row.text(0)) }
  }

  /// Adds lines, reservations, discounts, holds, and the verdicts of the last decision.
  private func complete(_ rows: [(order: Order, revision: Int64)], lines: Bool) throws -> [StoredOrder] {
    var orders = rows.map { StoredOrder($0.order, revision: $0.revision) }
    let keys: [[SQLValue]] = orders.map { [.text($0.order.id.value)] }
    if lines {
      for (index, lines) in try queryMany(selectLines, keys, OrderLineColumns.read).enumerated() {
        orders[index].order.lines = lines
      }
      let reservations = try queryMany(
        """
        SELECT line_number, warehouse_id, quantity FROM stock_reservation
        WHERE order_id = ?1 ORDER BY line_number, warehouse_id
        """, keys
      ) { row in
        (
          line: try row.int64(0),
          Reservation(warehouse: WarehouseID(unchecked: try row.text(1)), quantity: Quantity(try row.int64(2)))
        )
      }
      for (index, found) in reservations.enumerated() {
        for (line, reservation) in found where (1...Int64(orders[index].order.lines.count)).contains(line) {
          orders[index].order.lines[Int(line) - 1].reservations.append(reservation)
        }
      }
      let discounts = try queryMany(
        """
        SELECT line_number, name, amount_micros FROM sales_order_discount
        WHERE order_id = ?1 ORDER BY line_number, position
        """, keys
      ) { row in (line: try row.int64(0), LineDiscount(name: try row.text(1), amount: Micros(try row.int64(2)))) }
      for (index, found) in discounts.enumerated() {
        for (line, discount) in found where (1...Int64(orders[index].order.lines.count)).contains(line) {
          orders[index].order.lines[Int(line) - 1].price.discounts.append(discount)
        }
      }
    }
    let holds = try queryMany(
      "SELECT kind, reason, set_by, set_time FROM sales_order_hold WHERE order_id = ?1 ORDER BY kind", keys
    ) { row in
      guard let kind = HoldKind(rawValue: Int(try row.int64(0))) else {
        throw UnreadableRow(table: "sales_order_hold", key: "\(try row.int64(0))")
      }
      return OrderHold(
        kind: kind, reason: try row.text(1), setBy: PrincipalID(unchecked: try row.text(2)),
        setTime: InstantMicros(try row.int64(3)))
    }
    for (index, found) in holds.enumerated() { orders[index].order.holds = found }

    let judged = orders.indices.filter { orders[$0].order.decisionSequence > 0 }
    let decisions = try queryMany(
      "SELECT decision FROM sales_order_timeline WHERE order_id = ?1 AND sequence = ?2",
      judged.map { [.text(orders[$0].order.id.value), .integer(orders[$0].order.decisionSequence)] }
    ) { row in try row.optionalBlob(0).map { try Decision(bytes: $0) } }
    for (index, found) in zip(judged, decisions) {
      if let decision = found.first ?? nil { orders[index].order.verdicts = decision.findings }
    }
    return orders
  }
}
