package import DMSDomain

extension ReadTransaction {
  /// Every promise on a product at a warehouse, with what decides who is served first.
  package func liveReservations(warehouse: WarehouseID, sku: SKU) throws -> [LiveReservation] {
    try query(
      """
      SELECT r.order_id, r.line_number, r.quantity, o.priority, coalesce(o.submit_revision, 0)
      FROM stock_reservation r JOIN sales_order o ON o.order_id = r.order_id
      WHERE r.warehouse_id = ?1 AND r.sku = ?2
      """, [.text(warehouse.value), .text(sku.value)]
    ) { row in
      LiveReservation(
        order: OrderID(unchecked: try row.text(0)), line: Int32(clamping: try row.int64(1)),
        quantity: Quantity(try row.int64(2)), priority: Int32(clamping: try row.int64(3)),
        submissionRevision: try row.int64(4))
    }
  }

  /// Orders in review whose reservations have lapsed, the longest overdue first.
  package func lapsedReviews(limit: Int) throws -> [OrderID] {
    try query(
      """
      SELECT order_id FROM sales_order WHERE review_expire_time IS NOT NULL AND review_expire_time <= ?1
      ORDER BY review_expire_time LIMIT ?2
      """, [.integer(nowMicros), .integer(Int64(limit))]
    ) { row in OrderID(unchecked: try row.text(0)) }
  }
}
