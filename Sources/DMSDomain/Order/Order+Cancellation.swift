extension Order {
  /// Cancels an order of which nothing has shipped: stock and credit are released, and what was open is cancelled.
  ///
  /// Throws `wrongState` when it has ended before, and `hasShipped` when something of it has left.
  public func cancelling(
    by actor: PrincipalID, reason: String = "", now: InstantMicros
  ) throws(OrderError) -> OrderChange {
    try require(.cancel)
    guard nothingHasShipped else { throw .hasShipped(id) }
    var change = try ending(as: .cancelled, now: now)
    try change.note(.cancelled, from: state, by: actor, comment: reason, at: now)
    return change
  }

  /// The order once it has ended before anything shipped: it holds nothing, and no line asks for anything.
  func ending(as end: OrderState, now: InstantMicros) throws(OrderError) -> OrderChange {
    var change = try OrderChange(changing: self, now: now)
    change.releaseStock()
    change.releaseCredit()
    try change.cancelOpenLines()
    change.order.state = end
    change.order.reviewExpireTime = nil
    return change
  }
}
