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
    var left = stock.mapValues { $0.map { (warehouse: $0.warehouse, free: $0.promisable.value) } }
    var fills: [BackOrderFill] = []
    var isWhole = true
    for (index, line) in lines.enumerated() where line.quantities.backOrdered.isPositive {
      var rest = line.quantities.backOrdered.value
      var bins = left[line.request.sku] ?? []
      for bin in bins.indices where rest > 0 && bins[bin].free > 0 {
        if !splitting, let own = line.reservations.first?.warehouse ?? fills.first(where: { $0.line == Int32(index + 1) })?.reservation.warehouse,
          own != bins[bin].warehouse
        {
          continue
        }
        let taken = min(rest, bins[bin].free)
        bins[bin].free -= taken
        rest -= taken
        fills.append(
          BackOrderFill(
            line: Int32(index + 1),
            reservation: Reservation(warehouse: bins[bin].warehouse, quantity: Quantity(taken))))
      }
      left[line.request.sku] = bins
      if rest > 0 { isWhole = false }
    }
    guard !fills.isEmpty, isWhole || header.shipPolicy != .complete else { return nil }
    return fills
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
