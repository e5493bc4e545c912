extension Order {
  /// Takes from a line what it has reserved at a warehouse, because the stock is no longer there; the line waits again.
  ///
  /// The stock's own balance is lowered by whoever found the loss; the changes returned say by how much.
  public func withdrawing(
    _ withdrawals: [Withdrawal], at warehouse: WarehouseID, by actor: PrincipalID, now: InstantMicros
  ) throws(OrderError) -> OrderChange {
    var change = try OrderChange(changing: self, now: now)
    for withdrawal in withdrawals where withdrawal.order == id {
      try change.withdraw(withdrawal, at: warehouse)
    }
    try change.note(.reservationWithdrawn, from: state, by: actor, at: now)
    return change
  }

  /// Gives back the reservations of an order whose review has taken too long; approval will reserve anew.
  ///
  /// The exposure stays booked: the order may still be approved. Throws `wrongState` unless it is in review.
  public func lapsing(by actor: PrincipalID, now: InstantMicros) throws(OrderError) -> OrderChange {
    try require(.approve)
    var change = try OrderChange(changing: self, now: now)
    change.releaseStock()
    change.order.reviewExpireTime = nil
    try change.note(.reservationExpired, from: state, by: actor, at: now)
    return change
  }
}

extension OrderChange {
  fileprivate mutating func withdraw(_ withdrawal: Withdrawal, at warehouse: WarehouseID) throws(OrderError) {
    let index = Int(withdrawal.line) - 1
    guard order.lines.indices.contains(index),
      let place = order.lines[index].reservations.firstIndex(where: { $0.warehouse == warehouse })
    else {
      throw .line(order.id, line: withdrawal.line, .inconsistent)
    }
    let held = order.lines[index].reservations[place].quantity
    guard withdrawal.quantity <= held else {
      throw .line(order.id, line: withdrawal.line, .tooMuch(asked: withdrawal.quantity, available: held))
    }
    do {
      try order.lines[index].quantities.withdraw(withdrawal.quantity)
    } catch {
      throw .line(order.id, line: withdrawal.line, error)
    }
    if withdrawal.quantity == held {
      order.lines[index].reservations.remove(at: place)
    } else {
      order.lines[index].reservations[place].quantity = Quantity(held.value - withdrawal.quantity.value)
    }
    reservations.append(
      ReservationChange(
        line: withdrawal.line, sku: order.lines[index].request.sku, warehouse: warehouse,
        change: Quantity(-withdrawal.quantity.value)))
  }
}
