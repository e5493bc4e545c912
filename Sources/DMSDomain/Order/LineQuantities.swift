/// The quantities of an order's line, in base units.
///
/// Always `ordered + overShipped = cancelled + closedShort + open + shipped`,
/// `received + short + damaged + refused ≤ shipped`, `returned ≤ received`, and `0 ≤ reserved + backOrdered ≤ open`.
/// Every change either keeps that or throws and changes nothing.
public struct LineQuantities: Hashable, Sendable {
  /// Ordered, at least 1.
  public private(set) var ordered: Quantity
  /// Shipped beyond what was open.
  public private(set) var overShipped: Quantity = 0
  /// Cancelled before shipment.
  public private(set) var cancelled: Quantity = 0
  /// Closed without shipment because it will not come.
  public private(set) var closedShort: Quantity = 0
  /// Still to ship.
  public private(set) var open: Quantity
  /// Shipped.
  public private(set) var shipped: Quantity = 0
  /// Received in good order.
  public private(set) var received: Quantity = 0
  /// Missing on receipt.
  public private(set) var short: Quantity = 0
  /// Damaged on receipt.
  public private(set) var damaged: Quantity = 0
  /// Refused on receipt.
  public private(set) var refused: Quantity = 0
  /// Returned after receipt.
  public private(set) var returned: Quantity = 0
  /// Reserved at warehouses.
  public private(set) var reserved: Quantity = 0
  /// Open and waiting for stock.
  public private(set) var backOrdered: Quantity = 0

  /// A line of which all is open; throws unless at least 1 is ordered.
  public init(ordered: Quantity) throws(LineError) {
    guard ordered.isPositive else { throw .notPositive(ordered) }
    self.ordered = ordered
    open = ordered
  }

  /// What a store holds of a line; throws when the figures break what always holds.
  public init(
    ordered: Quantity, overShipped: Quantity, cancelled: Quantity, closedShort: Quantity, open: Quantity,
    shipped: Quantity, received: Quantity, short: Quantity, damaged: Quantity, refused: Quantity, returned: Quantity,
    reserved: Quantity, backOrdered: Quantity
  ) throws(LineError) {
    self.ordered = ordered
    self.overShipped = overShipped
    self.cancelled = cancelled
    self.closedShort = closedShort
    self.open = open
    self.shipped = shipped
    self.received = received
    self.short = short
    self.damaged = damaged
    self.refused = refused
    self.returned = returned
    self.reserved = reserved
    self.backOrdered = backOrdered
    guard isConsistent else { throw .inconsistent }
  }

  /// True when all that must always hold does. Adds in 128 bits, so no figures can make it trap.
  public var isConsistent: Bool {
    func wide(_ quantity: Quantity) -> Int128 { Int128(quantity.value) }
    let all = [
      overShipped, cancelled, closedShort, open, shipped, received, short, damaged, refused, returned, reserved,
      backOrdered,
    ]
    return ordered.isPositive && all.allSatisfy { !$0.isNegative }
      && wide(ordered) + wide(overShipped) == wide(cancelled) + wide(closedShort) + wide(open) + wide(shipped)
      && wide(received) + wide(short) + wide(damaged) + wide(refused) <= wide(shipped)
      && returned <= received
      && wide(reserved) + wide(backOrdered) <= wide(open)
  }

  /// Open, and neither reserved nor waiting: reservations that lapsed, or that were never made.
  public var unassigned: Quantity {
    Quantity(open.value - reserved.value - backOrdered.value)
  }

  /// Shipped, and not yet accounted for by the dealer.
  public var inTransit: Quantity {
    Quantity(shipped.value - received.value - short.value - damaged.value - refused.value)
  }
}

/// Why a line cannot change in this way.
public enum LineError: Error, Hashable, Sendable {
  /// A quantity must be at least 1.
  case notPositive(Quantity)
  /// More is asked for than is there.
  case tooMuch(asked: Quantity, available: Quantity)
  /// The figures break what always holds of a line.
  case inconsistent
  /// A figure does not fit into 64 bits.
  case overflow
}

extension LineQuantities {
  /// Reserves a part that is not assigned yet.
  public mutating func reserve(_ quantity: Quantity) throws(LineError) {
    try require(quantity, atMost: unassigned)
    reserved = try sum(reserved, quantity)
  }

  /// Lets a part that is not assigned yet wait for stock.
  public mutating func backOrder(_ quantity: Quantity) throws(LineError) {
    try require(quantity, atMost: unassigned)
    backOrdered = try sum(backOrdered, quantity)
  }

  /// Reserves a part that was waiting for stock.
  public mutating func fillBackOrder(_ quantity: Quantity) throws(LineError) {
    try require(quantity, atMost: backOrdered)
    backOrdered = difference(backOrdered, quantity)
    reserved = try sum(reserved, quantity)
  }

  /// Lets a reserved part wait again because the stock was lost.
  public mutating func withdraw(_ quantity: Quantity) throws(LineError) {
    try require(quantity, atMost: reserved)
    reserved = difference(reserved, quantity)
    backOrdered = try sum(backOrdered, quantity)
  }

  /// Gives back all that is reserved and stops waiting; what is open stays open.
  public mutating func release() {
    reserved = 0
    backOrdered = 0
  }

  /// Cancels all that is open, and releases it.
  public mutating func cancelOpen() throws(LineError) {
    guard open.isPositive else { return }
    try cancel(open)
  }

  /// Cancels a part that is open: what is not assigned first, then what waits, then what is reserved.
  public mutating func cancel(_ quantity: Quantity) throws(LineError) {
    try require(quantity, atMost: open)
    cancelled = try sum(cancelled, quantity)
    take(quantity)
  }

  /// Closes a part that is open because it will not come; takes from the same places as a cancellation.
  public mutating func closeShort(_ quantity: Quantity) throws(LineError) {
    try require(quantity, atMost: open)
    closedShort = try sum(closedShort, quantity)
    take(quantity)
  }

  /// Records a shipment: it consumes what is reserved first. What goes beyond all that is open is over-shipped.
  public mutating func ship(_ quantity: Quantity) throws(LineError) {
    guard quantity.isPositive else { throw .notPositive(quantity) }
    let fromOpen = min(quantity, open)
    let over = difference(quantity, fromOpen)
    let shippedAfter = try sum(shipped, quantity)
    let overAfter = try sum(overShipped, over)
    _ = try sum(ordered, overAfter)
    shipped = shippedAfter
    overShipped = overAfter
    let fromReserved = min(fromOpen, reserved)
    reserved = difference(reserved, fromReserved)
    open = difference(open, fromReserved)
    take(difference(fromOpen, fromReserved))
  }

  /// Records what became of a part that was shipped; the four together are at most what is in transit.
  public mutating func receive(
    received good: Quantity, short missing: Quantity, damaged broken: Quantity, refused sentBack: Quantity
  ) throws(LineError) {
    for quantity in [good, missing, broken, sentBack] where quantity.isNegative {
      throw .notPositive(quantity)
    }
    let all = try sum(try sum(good, missing), try sum(broken, sentBack))
    try require(all, atMost: inTransit)
    received = try sum(received, good)
    short = try sum(short, missing)
    damaged = try sum(damaged, broken)
    refused = try sum(refused, sentBack)
  }

  /// Records a return of what was received.
  public mutating func giveBack(_ quantity: Quantity) throws(LineError) {
    try require(quantity, atMost: difference(received, returned))
    returned = try sum(returned, quantity)
  }

  /// Lowers what is open by a quantity not above it: what is not assigned first, then what waits, then what is reserved.
  private mutating func take(_ quantity: Quantity) {
    var rest = difference(quantity, min(quantity, unassigned))
    open = difference(open, quantity)
    let waiting = min(rest, backOrdered)
    backOrdered = difference(backOrdered, waiting)
    rest = difference(rest, waiting)
    reserved = difference(reserved, rest)
  }

  private func require(_ quantity: Quantity, atMost available: Quantity) throws(LineError) {
    guard quantity.isPositive else { throw .notPositive(quantity) }
    guard quantity <= available else { throw .tooMuch(asked: quantity, available: available) }
  }

  private func sum(_ left: Quantity, _ right: Quantity) throws(LineError) -> Quantity {
    let (sum, overflow) = left.value.addingReportingOverflow(right.value)
    guard !overflow else { throw .overflow }
    return Quantity(sum)
  }

  /// The difference of quantities at least 0, of which the second is not above the first.
  private func difference(_ left: Quantity, _ right: Quantity) -> Quantity {
    Quantity(left.value - right.value)
  }
}
