internal import DMSAPI
package import DMSDomain
package import DMSStorage

/// What becomes of orders when stock moves under them: reservations that stock no longer covers are withdrawn, and
/// freed stock goes to whoever has waited longest.
package enum ReservationUpkeep {
  /// Orders that one write fills at most; the rest of a queue stays fenced until the next step.
  package static let ordersPerWriteMax = 32

  /// The actor on timelines when nobody asked for it.
  static let actor = PrincipalID(unchecked: "system")

  /// Withdraws reservations of a product at a warehouse, beginning with the one served last; the lines wait again.
  ///
  /// - Returns: the orders that lost something.
  package static func withdraw(
    _ excess: Quantity, warehouse: WarehouseID, sku: SKU, actor: String, in transaction: WriteTransaction
  ) throws -> [OrderID] {
    let withdrawals = Withdrawal.withdraw(
      excess, from: try transaction.liveReservations(warehouse: warehouse, sku: sku))
    var orders: [OrderID] = []
    for withdrawal in withdrawals where !orders.contains(withdrawal.order) { orders.append(withdrawal.order) }
    for id in orders {
      guard let stored = try transaction.order(id) else {
        throw UnreadableRow(table: "stock_reservation", key: id.value)
      }
      let change = try stored.order.withdrawing(
        withdrawals, at: warehouse, by: PrincipalID(unchecked: actor), now: transaction.now)
      try commit(change, of: stored, in: transaction)
    }
    return orders
  }

  /// Gives free stock of some products to the orders that wait for them, in the order of the queue.
  ///
  /// An order that cannot take what it waits for, because it wants all or nothing, keeps its place: what it waits for
  /// is not given to those behind it.
  ///
  /// - Returns: the orders that got something.
  @discardableResult
  package static func fill(_ skus: [SKU], in transaction: WriteTransaction) throws -> [OrderID] {
    var filled: [OrderID] = []
    for sku in skus {
      var fenced: [SKU: [WarehouseID: Int64]] = [:]
      for id in try transaction.backOrders(of: sku, limit: ordersPerWriteMax) {
        guard filled.count < ordersPerWriteMax else { return filled }
        guard let stored = try transaction.order(id),
          let dealer = try transaction.dealer(stored.order.header.dealer)?.value
        else { throw UnreadableRow(table: "sales_order", key: id.value) }
        let order = stored.order
        let waiting = order.lines.filter { $0.quantities.backOrdered.isPositive }
        let stock = try freeStock(
          of: Array(Set(waiting.map(\.request.sku))).sorted(),
          at: try transaction.servingWarehouses(of: dealer.id), fenced: fenced, in: transaction)
        guard let fills = order.fills(from: stock, splitting: dealer.splitShipmentsAllowed) else {
          fence(waiting, from: stock, into: &fenced)
          continue
        }
        let change = try order.filling(fills, by: actor, now: transaction.now)
        try commit(change, of: stored, in: transaction)
        filled.append(id)
      }
    }
    return filled
  }

  /// What is on hand and not reserved, less what waits in front; other back-orders are not fenced off, because the
  /// queue is walked in its order.
  private static func freeStock(
    of skus: [SKU], at warehouses: [WarehouseID], fenced: [SKU: [WarehouseID: Int64]],
    in transaction: WriteTransaction
  ) throws -> [SKU: [WarehouseStock]] {
    var result: [SKU: [WarehouseStock]] = [:]
    for sku in skus {
      let rows = try transaction.stock(warehouses.map { StockKey(location: StockLocation($0), sku: sku) })
      result[sku] = zip(warehouses, rows).map { warehouse, row in
        WarehouseStock(
          warehouse: warehouse, balance: row?.balance ?? StockBalance(),
          fenced: Quantity(fenced[sku]?[warehouse] ?? 0))
      }
    }
    return result
  }

  private static func fence(
    _ waiting: [DMSDomain.OrderLine], from stock: [SKU: [WarehouseStock]],
    into fenced: inout [SKU: [WarehouseID: Int64]]
  ) {
    for line in waiting {
      var rest = line.quantities.backOrdered.value
      for place in stock[line.request.sku] ?? [] where rest > 0 {
        let taken = min(rest, place.promisable.value)
        fenced[line.request.sku, default: [:]][place.warehouse, default: 0] += taken
        rest -= taken
      }
    }
  }

  /// Lets the reservations of reviews that took too long lapse, and gives what they held to those who wait.
  ///
  /// - Returns: the orders whose reservations lapsed.
  package static func lapse(in transaction: WriteTransaction) throws -> [OrderID] {
    let orders = try transaction.lapsedReviews(limit: ordersPerWriteMax)
    var freed: Set<SKU> = []
    for id in orders {
      guard let stored = try transaction.order(id) else { continue }
      let change = try stored.order.lapsing(by: actor, now: transaction.now)
      try commit(change, of: stored, in: transaction)
      freed.formUnion(change.reservations.map(\.sku))
    }
    try fill(freed.sorted(), in: transaction)
    return orders
  }

  /// Writes an order's change and reports the order and the balances that it moved.
  private static func commit(_ change: OrderChange, of stored: StoredOrder, in transaction: WriteTransaction) throws {
    let moved = try transaction.update(stored, with: change, actor: change.timeline.last?.actor ?? actor)
    try OrderWriter.report(change.order, in: transaction)
    try OrderWriter.report(moved, in: transaction)
  }
}
