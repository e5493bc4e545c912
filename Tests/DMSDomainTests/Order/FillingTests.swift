import DMSDomain
import Testing

@Suite("Filling back-orders")
struct FillingTests {
  private let id = OrderID(unchecked: "O1")

  private func waiting(_ lines: [LineRequest], policy: ShipPolicy) throws -> Order {
    let change = try Sample.place(lines, header: Sample.header(policy: policy), facts: Sample.facts(onHand: 0))
    #expect(change.order.lines.allSatisfy { $0.quantities.backOrdered == $0.quantities.ordered })
    return change.order
  }

  private func stock(_ quantities: Quantity...) -> [SKU: [WarehouseStock]] {
    [
      Sample.apples: zip([Sample.north, Sample.south], quantities).map {
        WarehouseStock(warehouse: $0, balance: StockBalance(onHand: $1))
      }
    ]
  }

  @Test("A PARTIAL order takes what is there")
  func partial() throws {
    let order = try waiting(Sample.lines(5, 4), policy: .partial)
    let fills = try #require(order.fills(from: stock(7), splitting: true))
    let change = try order.filling(fills, by: Sample.clerk, now: Sample.now)
    #expect(change.order.lines.map(\.quantities.reserved) == [5, 2])
    #expect(change.order.lines.map(\.quantities.backOrdered) == [0, 2])
    #expect(change.reservations.map(\.change) == [5, 2])
    #expect(change.timeline.map(\.kind) == [.backOrderFilled])
    #expect(order.fills(from: stock(0, 0), splitting: true) == nil)
    #expect(order.fills(from: [:], splitting: true) == nil)
  }

  @Test("A COMPLETE order takes all or nothing")
  func complete() throws {
    let order = try waiting(Sample.lines(5, 4), policy: .complete)
    #expect(order.fills(from: stock(8), splitting: true) == nil)
    let fills = try #require(order.fills(from: stock(8, 1), splitting: true))
    #expect(
      try order.filling(fills, by: Sample.clerk, now: Sample.now).order.lines.allSatisfy {
        $0.quantities.backOrdered == 0
      })
  }

  @Test("Without splitting a line stays at one warehouse, its own when it has one")
  func splitting() throws {
    let order = try waiting(Sample.lines(5), policy: .partial)
    let first = try #require(order.fills(from: stock(2, 9), splitting: false))
    #expect(first.map(\.reservation) == [Reservation(warehouse: Sample.north, quantity: 2)])
    let change = try order.filling(first, by: Sample.clerk, now: Sample.now)
    #expect(change.order.fills(from: stock(0, 9), splitting: false) == nil)
    let second = try #require(change.order.fills(from: stock(1, 9), splitting: false))
    let filled = try change.order.filling(second, by: Sample.clerk, now: Sample.now).order
    #expect(filled.lines[0].reservations == [Reservation(warehouse: Sample.north, quantity: 3)])
  }

  @Test("More than waits, or a line that is not there, is refused")
  func refused() throws {
    let order = try waiting(Sample.lines(5), policy: .partial)
    func fill(_ line: Int32, _ quantity: Quantity) throws {
      _ = try order.filling(
        [BackOrderFill(line: line, reservation: Reservation(warehouse: Sample.north, quantity: quantity))],
        by: Sample.clerk, now: Sample.now)
    }
    #expect(throws: OrderError.line(id, line: 1, .tooMuch(asked: 6, available: 5))) { try fill(1, 6) }
    #expect(throws: OrderError.line(id, line: 2, .inconsistent)) { try fill(2, 1) }
    #expect(throws: OrderError.line(id, line: 0, .inconsistent)) { try fill(0, 1) }
  }

  @Test("No fill takes more than is there or than waits", arguments: seeds)
  func neverOversells(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<200 {
      let policy: ShipPolicy = random.oneIn(2) ? .partial : .complete
      var order = try waiting(
        Sample.lines(Quantity(random.number(1...6)), Quantity(random.number(1...6))), policy: policy)
      for _ in 0..<4 {
        let left = [random.number(0...5), random.number(0...5)]
        let shelves = stock(Quantity(left[0]), Quantity(left[1]))
        guard let fills = order.fills(from: shelves, splitting: random.oneIn(2)) else { continue }
        for (index, warehouse) in [Sample.north, Sample.south].enumerated() {
          let taken = fills.filter { $0.reservation.warehouse == warehouse }
          #expect(taken.reduce(0) { $0 + $1.reservation.quantity.value } <= left[index])
        }
        order = try order.filling(fills, by: Sample.clerk, now: Sample.now).order
        #expect(order.lines.allSatisfy { $0.quantities.isConsistent })
        #expect(policy == .partial || order.lines.allSatisfy { $0.quantities.backOrdered == 0 })
      }
    }
  }
}
