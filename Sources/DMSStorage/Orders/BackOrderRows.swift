package import DMSDomain

extension ReadTransaction {
  /// Orders that wait for a product, who is served first in front: the greater priority, then the earlier submission.
  package func backOrders(of sku: SKU, limit: Int) throws -> [OrderID] {
    try query(
      """
      SELECT DISTINCT o.order_id, o.priority, o.submit_revision
      FROM sales_order_line l JOIN sales_order o ON o.order_id = l.order_id
      WHERE l.sku = ?1 AND l.back_ordered_quantity > 0 AND o.state IN (2, 3, 4)
      ORDER BY o.priority DESC, o.submit_revision, o.order_id LIMIT ?2
      """, [.text(sku.value), .integer(Int64(limit))]
    ) { row in OrderID(unchecked: try row.text(0)) }
  }

  /// Products that somebody waits for although something of them is free, by sku, after `after`.
  package func fillableProducts(after: SKU?, limit: Int) throws -> [SKU] {
    try query(
      """
      SELECT DISTINCT l.sku FROM sales_order_line l
      WHERE l.back_ordered_quantity > 0 AND l.sku > ?1 AND EXISTS (
        SELECT 1 FROM stock_balance b
        WHERE b.sku = l.sku AND b.owner = '' AND b.lot = '' AND b.status = 1 AND b.on_hand > b.reserved)
      ORDER BY l.sku LIMIT ?2
      """, [.text(after?.value ?? ""), .integer(Int64(limit))]
    ) { row in SKU(unchecked: try row.text(0)) }
  }
}
