/// A quantity promised to a line of an order from one balance.
public struct LiveReservation: Hashable, Sendable {
  /// The order.
  public var order: OrderID
  /// The line, from 1.
  public var line: Int32
  /// What is promised, at least 1.
  public var quantity: Quantity
  /// The order's priority; the greater is served first.
  public var priority: Int32
  /// Store revision of the submission; within a priority the earlier is served first.
  public var submissionRevision: Int64

  /// A promise to a line of an order.
  public init(order: OrderID, line: Int32, quantity: Quantity, priority: Int32 = 0, submissionRevision: Int64) {
    self.order = order
    self.line = line
    self.quantity = quantity
    self.priority = priority
    self.submissionRevision = submissionRevision
  }

  /// True when this one is served before another.
  public func precedes(_ other: LiveReservation) -> Bool {
    if priority != other.priority { return priority > other.priority }
    if submissionRevision != other.submissionRevision { return submissionRevision < other.submissionRevision }
    if order != other.order { return order < other.order }
    return line < other.line
  }
}

/// A quantity that a line of an order loses and waits for again.
public struct Withdrawal: Hashable, Sendable {
  /// The order.
  public var order: OrderID
  /// The line, from 1.
  public var line: Int32
  /// What it loses, at least 1.
  public var quantity: Quantity

  /// What a line loses.
  public init(order: OrderID, line: Int32, quantity: Quantity) {
    self.order = order
    self.line = line
    self.quantity = quantity
  }

  /// Takes `excess` from reservations of one balance, beginning with the one served last.
  ///
  /// The sum of what is withdrawn is `excess`, or all that is reserved when that is less.
  public static func withdraw(_ excess: Quantity, from reservations: [LiveReservation]) -> [Withdrawal] {
    var rest = excess.value
    var withdrawals: [Withdrawal] = []
    for reservation in reservations.sorted(by: { $1.precedes($0) }) where reservation.quantity.isPositive {
      guard rest > 0 else { break }
      let taken = min(rest, reservation.quantity.value)
      withdrawals.append(Withdrawal(order: reservation.order, line: reservation.line, quantity: Quantity(taken)))
      rest -= taken
    }
    return withdrawals
  }
}
