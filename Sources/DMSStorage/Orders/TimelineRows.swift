package import DMSDomain

/// An entry of an order's timeline as the store keeps it.
package struct StoredTimelineEntry: Sendable, Hashable {
  package var entry: TimelineEntry
  package var revision: Int64
}

extension ReadTransaction {
  /// A page of an order's timeline, oldest first, after the entry `after`.
  package func timeline(of order: OrderID, after: Int64, limit: Int) throws -> [StoredTimelineEntry] {
    try query(
      """
      SELECT sequence, kind, from_state, to_state, actor, comment, decision, record_time, revision
      FROM sales_order_timeline WHERE order_id = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3
      """, [.text(order.value), .integer(after), .integer(Int64(limit))]
    ) { row in
      guard let kind = TimelineKind(rawValue: Int(try row.int64(1))),
        let to = OrderState(rawValue: Int(try row.int64(3)))
      else { throw UnreadableRow(table: "sales_order_timeline", key: "\(order)/\(try row.int64(0))") }
      return StoredTimelineEntry(
        entry: TimelineEntry(
          sequence: try row.int64(0), kind: kind, from: OrderState(rawValue: Int(try row.int64(2))), to: to,
          actor: PrincipalID(unchecked: try row.text(4)), comment: try row.text(5),
          time: InstantMicros(try row.int64(7)), decision: try row.optionalBlob(6).map { try Decision(bytes: $0) }),
        revision: try row.int64(8))
    }
  }
}
