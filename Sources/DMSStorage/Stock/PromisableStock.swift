package import DMSDomain

extension ReadTransaction {
  /// Warehouses that serve orders, by id.
  package func activeWarehouses() throws -> [WarehouseID] {
    try remembering([0], in: \.warehouses) { _ in
      [
        try query("SELECT warehouse_id FROM warehouse WHERE status = 1 ORDER BY warehouse_id") { row in
          WarehouseID(unchecked: try row.text(0))
        }
      ]
    }[0] ?? []
  }

  /// Active warehouses that serve a dealer, in its order of preference; every active one when it names none.
  package func servingWarehouses(of dealer: DealerID) throws -> [WarehouseID] {
    let named = try query(
      """
      SELECT w.warehouse_id, w.status FROM dealer_warehouse d JOIN warehouse w ON w.warehouse_id = d.warehouse_id
      WHERE d.dealer_id = ?1 ORDER BY d.position
      """, [.text(dealer.value)]
    ) { row in (WarehouseID(unchecked: try row.text(0)), try row.int64(1)) }
    guard !named.isEmpty else { return try activeWarehouses() }
    return named.filter { $0.1 == 1 }.map(\.0)
  }

  /// Those of `skus` that exist and may be ordered.
  package func sellableSKUs(among skus: [SKU]) throws -> [SKU] {
    let found = try queryMany(
      "SELECT 1 FROM product WHERE sku = ?1 AND status = 1", skus.map { [.text($0.value)] }
    ) { row in try row.int64(0) }
    return zip(skus, found).filter { !$0.1.isEmpty }.map(\.0)
  }

  /// What there is of each product at the warehouses, in their order, with what back-orders wait for fenced off.
  ///
  /// Back-orders wait for a product, not for a place: they fence the first warehouses first, each up to what is free
  /// there. A point read for each product and warehouse, and one for each product's queue.
  package func promisableStock(of skus: [SKU], at warehouses: [WarehouseID]) throws -> [SKU: [WarehouseStock]] {
    let keys = skus.flatMap { sku in
      warehouses.map { StockKey(location: StockLocation($0), sku: sku) }
    }
    let rows = try stock(keys)
    let waiting = try queryMany(
      """
      SELECT l.back_ordered_quantity FROM sales_order_line l JOIN sales_order o ON o.order_id = l.order_id
      WHERE l.sku = ?1 AND l.back_ordered_quantity > 0 AND o.state IN (2, 3, 4)
      """, skus.map { [.text($0.value)] }
    ) { row in try row.int64(0) }
    var result: [SKU: [WarehouseStock]] = [:]
    for (index, sku) in skus.enumerated() {
      var queue = waiting[index].reduce(0) { Int64(clamping: Int128($0) + Int128($1)) }
      result[sku] = warehouses.indices.map { place in
        let balance = rows[index * warehouses.count + place]?.balance ?? StockBalance()
        var stock = WarehouseStock(warehouse: warehouses[place], balance: balance)
        let fenced = min(queue, stock.promisable.value)
        queue -= fenced
        stock.fenced = Quantity(fenced)
        return stock
      }
    }
    return result
  }
}
