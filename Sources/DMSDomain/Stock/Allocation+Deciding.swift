extension Allocation {
  /// Shares stock out to the lines of an order, each from the warehouses in order of preference.
  ///
  /// Without splitting, a line is served by the first warehouse that has all of it; when none has, by the one that has
  /// most, and the rest waits. Lines of one product draw on the same stock one after the other. When a product falls
  /// short, PARTIAL reserves what is there, COMPLETE reserves nothing of the whole order, so that two orders cannot hold
  /// halves of each other, and REJECT reserves nothing either and back-orders nothing, because such an order is not
  /// taken. `backOrderingRejected` makes REJECT behave as PARTIAL, for an order that is taken all the same.
  ///
  /// Never reserves more than is promisable. Throws when the lines of a product add up to more than 64 bits hold.
  public static func decide(
    _ demands: [StockDemand], stock: [SKU: [WarehouseStock]], policy: ShipPolicy, splitting: Bool,
    backOrderingRejected: Bool = false
  ) throws(ArithmeticError) -> Allocation {
    var places = ProductPlaces()
    var shelves: [[WarehouseStock]] = []
    let products = demands.map { demand in
      let place = places.place(of: demand.sku)
      if place == shelves.count { shelves.append(stock[demand.sku] ?? []) }
      return place
    }
    return try decide(
      demands, of: products, stock: shelves, policy: policy, splitting: splitting,
      backOrderingRejected: backOrderingRejected)
  }

  /// The same, with the stock of each product at the place that `products` gives for each demand.
  static func decide(
    _ demands: [StockDemand], of products: [Int], stock: [[WarehouseStock]], policy: ShipPolicy, splitting: Bool,
    backOrderingRejected: Bool
  ) throws(ArithmeticError) -> Allocation {
    var shelf = Shelf(stock)
    var lines: [LineAllocation] = []
    lines.reserveCapacity(demands.count)
    for (demand, product) in zip(demands, products) {
      lines.append(shelf.serve(demand, product: product, splitting: splitting))
    }
    let shortages = try Self.shortages(of: lines, for: demands, products: products, count: stock.count)
    guard !shortages.isEmpty else { return Allocation(lines: lines, shortages: []) }
    switch policy {
    case .partial: break
    case .complete:
      for (index, demand) in demands.enumerated() {
        lines[index].reservations = []
        lines[index].backOrdered = demand.quantity
      }
    case .reject where backOrderingRejected: break
    case .reject:
      for index in lines.indices {
        lines[index].reservations = []
        lines[index].backOrdered = 0
      }
    }
    return Allocation(lines: lines, shortages: shortages)
  }

  /// What falls short, over all lines of a product, in the order in which the lines name the products.
  private static func shortages(
    of lines: [LineAllocation], for demands: [StockDemand], products: [Int], count: Int
  ) throws(ArithmeticError) -> [Shortage] {
    guard lines.contains(where: { $0.backOrdered.isPositive }) else { return [] }
    var shortages: [Shortage] = []
    var places = [Int?](repeating: nil, count: count)
    for (index, demand) in demands.enumerated() {
      let got = try Quantity.sum(lines[index].reservations.lazy.map(\.quantity))
      if let place = places[products[index]] {
        shortages[place].asked = try shortages[place].asked + demand.quantity
        shortages[place].available = try shortages[place].available + got
      } else {
        places[products[index]] = shortages.count
        shortages.append(Shortage(sku: demand.sku, line: demand.line, asked: demand.quantity, available: got))
      }
    }
    return shortages.filter { $0.available < $0.asked }
  }

  /// What is left to promise while lines are served.
  private struct Shelf {
    private struct Bin {
      let warehouse: WarehouseID
      var left: Int64
    }

    private var bins: [[Bin]]

    init(_ stock: [[WarehouseStock]]) {
      bins = stock.map { $0.map { Bin(warehouse: $0.warehouse, left: $0.promisable.value) } }
    }

    mutating func serve(_ demand: StockDemand, product: Int, splitting: Bool) -> LineAllocation {
      let asked = max(0, demand.quantity.value)
      var allocation = LineAllocation(
        line: demand.line, sku: demand.sku, reservations: [], backOrdered: Quantity(asked))
      guard asked > 0 else { return allocation }
      var rest = asked
      var candidates = bins[product].indices
      if !splitting {
        guard let single = Self.single(bins[product], for: asked) else { return allocation }
        candidates = single..<single + 1
      }
      for index in candidates where rest > 0 && bins[product][index].left > 0 {
        let taken = min(rest, bins[product][index].left)
        bins[product][index].left -= taken
        rest -= taken
        allocation.reservations.append(
          Reservation(warehouse: bins[product][index].warehouse, quantity: Quantity(taken)))
      }
      allocation.backOrdered = Quantity(rest)
      return allocation
    }

    /// The one warehouse that serves a line: the first that has all of it, else the first of those that have most.
    private static func single(_ bins: [Bin], for asked: Int64) -> Int? {
      if let whole = bins.firstIndex(where: { $0.left >= asked }) { return whole }
      var most: Int?
      for index in bins.indices where bins[index].left > (most.map { bins[$0].left } ?? 0) {
        most = index
      }
      return most
    }
  }
}
