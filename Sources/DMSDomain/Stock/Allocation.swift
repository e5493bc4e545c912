/// What happens to lines without enough stock. Raw values are those of the store and the wire.
public enum ShipPolicy: Int, Hashable, Sendable, CaseIterable {
  /// The order is blocked.
  case reject = 1
  /// The order goes to review, and ships only when all of it is there.
  case complete = 2
  /// What is there is reserved, the rest is back-ordered.
  case partial = 3

  /// The policy in capitals.
  public var code: String {
    switch self {
    case .reject: "REJECT"
    case .complete: "COMPLETE"
    case .partial: "PARTIAL"
    }
  }
}

/// What a warehouse has of a product, and what of it is spoken for.
public struct WarehouseStock: Hashable, Sendable {
  /// The warehouse.
  public var warehouse: WarehouseID
  /// On hand and reserved there.
  public var balance: StockBalance
  /// What back-orders wait for here; a new order promises only what they leave.
  public var fenced: Quantity

  /// Stock of a product at a warehouse.
  public init(warehouse: WarehouseID, balance: StockBalance, fenced: Quantity = 0) {
    self.warehouse = warehouse
    self.balance = balance
    self.fenced = fenced
  }

  /// What a new order may be promised: on hand less reserved less fenced, at least 0.
  public var promisable: Quantity {
    let free = Int128(balance.onHand.value) - Int128(balance.reserved.value) - Int128(fenced.value)
    return Quantity(Int64(clamping: max(0, free)))
  }
}

/// What a line asks for.
public struct StockDemand: Hashable, Sendable {
  /// The line, from 1.
  public var line: Int32
  /// The product.
  public var sku: SKU
  /// What it asks for, at least 0.
  public var quantity: Quantity

  /// A line's demand.
  public init(line: Int32, sku: SKU, quantity: Quantity) {
    self.line = line
    self.sku = sku
    self.quantity = quantity
  }
}

/// A quantity reserved at a warehouse.
public struct Reservation: Hashable, Sendable {
  /// The warehouse.
  public var warehouse: WarehouseID
  /// What is reserved there, at least 1.
  public var quantity: Quantity

  /// A quantity reserved at a warehouse.
  public init(warehouse: WarehouseID, quantity: Quantity) {
    self.warehouse = warehouse
    self.quantity = quantity
  }
}

/// What a line gets.
public struct LineAllocation: Hashable, Sendable {
  /// The line, from 1.
  public var line: Int32
  /// The product.
  public var sku: SKU
  /// Where it is reserved, in order of preference.
  public var reservations: [Reservation]
  /// What waits for stock.
  public var backOrdered: Quantity

  /// What a line gets.
  public init(line: Int32, sku: SKU, reservations: [Reservation], backOrdered: Quantity) {
    self.line = line
    self.sku = sku
    self.reservations = reservations
    self.backOrdered = backOrdered
  }
}

/// A product of which an order asks for more than can be promised.
public struct Shortage: Hashable, Sendable {
  /// The product.
  public var sku: SKU
  /// The first line that asks for it, from 1.
  public var line: Int32
  /// What the order asks for, over all its lines.
  public var asked: Quantity
  /// What can be promised of it.
  public var available: Quantity

  /// A product that falls short.
  public init(sku: SKU, line: Int32, asked: Quantity, available: Quantity) {
    self.sku = sku
    self.line = line
    self.asked = asked
    self.available = available
  }
}

/// What an order gets of the stock.
public struct Allocation: Hashable, Sendable {
  /// What each line gets, in the order of the demands.
  public var lines: [LineAllocation]
  /// The products that fall short, in the order in which the demands name them.
  public var shortages: [Shortage]

  /// What an order gets of the stock.
  public init(lines: [LineAllocation], shortages: [Shortage]) {
    self.lines = lines
    self.shortages = shortages
  }
}
