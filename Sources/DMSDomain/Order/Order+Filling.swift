/// Stock that a waiting line gets.
public struct BackOrderFill: Hashable, Sendable {
  /// The line, from 1.
  public var line: Int32
  /// Where it is reserved.
  public var reservation: Reservation

  /// Stock for a waiting line.
  public init(line: Int32, reservation: Reservation) {
    self.line = line
    self.reservation = reservation
  }
}

extension Order {
  /// What the order takes of stock that has become free; nil when it takes nothing and goes on waiting.
  ///
  /// A COMPLETE order takes all that it waits for or nothing, so that two orders cannot hold halves of each other; others
  /// take what is there. Without splitting, a line that has nothing reserved yet takes from one warehouse only, and one
  /// that has goes on at its own.
  public func fills(
    from stock: [SKU: [WarehouseStock]], splitting: Bool
  ) -> [BackOrderFill]? {
    var shelves = stock.mapValues { $0.map { Shelf(warehouse: $0.warehouse, left: $0.promisable.value) } }
    var fills: [BackOrderFill] = []
    var isWhole = true
    for (index, line) in lines.enumerated() where line.quantities.backOrdered.isPositive {
      var own = splitting ? nil : line.reservations.first?.warehouse
      var rest = line.quantities.backOrdered.value
      var bins = shelves[line.request.sku] ?? []
      for bin in bins.indices where rest > 0 && bins[bin].left > 0 {
        if let own, own != bins[bin].warehouse { continue }
        if !splitting { own = bins[bin].warehouse }
        let taken = bins[bin].take(atMost: rest)
        rest -= taken
        fills.append(
          BackOrderFill(
            line: Int32(index + 1),
            reservation: Reservation(warehouse: bins[bin].warehouse, quantity: Quantity(taken))))
      }
      shelves[line.request.sku] = bins
      if rest > 0 { isWhole = false }
    }
    guard !fills.isEmpty, isWhole || header.shipPolicy != .complete else { return nil }
    return fills
  }

  /// What a warehouse has left of a product while lines are filled.
  private struct Shelf {
    let warehouse: WarehouseID
    var left: Int64

    mutating func take(atMost wanted: Int64) -> Int64 {
      let taken = min(wanted, left)
      left -= taken
      return taken
    }
  }

  /// Reserves what waiting lines get.
  public func filling(
    _ fills: [BackOrderFill], by actor: PrincipalID, now: InstantMicros
  ) throws(OrderError) -> OrderChange {
    var change = try OrderChange(changing: self, now: now)
    for fill in fills {
      let index = Int(fill.line) - 1
      guard change.order.lines.indices.contains(index) else {
        throw .line(id, line: fill.line, .inconsistent)
      }
      do {
        try change.order.lines[index].fill(fill.reservation)
      } catch {
        throw .line(id, line: fill.line, error)
      }
      change.reservations.append(
        ReservationChange(
          line: fill.line, sku: change.order.lines[index].request.sku, warehouse: fill.reservation.warehouse,
          change: fill.reservation.quantity))
    }
    try change.note(.backOrderFilled, from: state, by: actor, at: now)
    return change
  }
}

extension OrderLine {
  /// Turns a part that waits into one that is reserved at a warehouse.
  fileprivate mutating func fill(_ reservation: Reservation) throws(LineError) {
    try quantities.fillBackOrder(reservation.quantity)
    if let place = reservations.firstIndex(where: { $0.warehouse == reservation.warehouse }) {
      // Both are parts of what is reserved, which has just been found to fit.
      reservations[place].quantity = Quantity(reservations[place].quantity.value + reservation.quantity.value)
    } else {
      reservations.append(reservation)
    }
  }
}
