import DMSDomain
import Testing

@Suite("Allocation")
struct AllocationTests {
  private func stock(_ north: Int64, _ south: Int64, fenced: Int64 = 0) -> [SKU: [WarehouseStock]] {
    [
      Sample.apples: [
        WarehouseStock(
          warehouse: Sample.north, balance: StockBalance(onHand: Quantity(north)), fenced: Quantity(fenced)),
        WarehouseStock(warehouse: Sample.south, balance: StockBalance(onHand: Quantity(south))),
      ]
    ]
  }

  private func demands(_ quantities: Int64...) -> [StockDemand] {
    quantities.enumerated().map {
      StockDemand(line: Int32($0.offset + 1), sku: Sample.apples, quantity: Quantity($0.element))
    }
  }

  @Test("Warehouses serve in order of preference, and a line is split where that is allowed")
  func splitting() throws {
    let split = try Allocation.decide(demands(7), stock: stock(5, 5), policy: .reject, splitting: true)
    #expect(split.shortages.isEmpty)
    #expect(
      split.lines[0].reservations == [
        Reservation(warehouse: Sample.north, quantity: 5), Reservation(warehouse: Sample.south, quantity: 2),
      ])
    let whole = try Allocation.decide(demands(5), stock: stock(4, 5), policy: .reject, splitting: false)
    #expect(whole.lines[0].reservations == [Reservation(warehouse: Sample.south, quantity: 5)])
    let short = try Allocation.decide(demands(7), stock: stock(4, 5), policy: .partial, splitting: false)
    #expect(short.lines[0].reservations == [Reservation(warehouse: Sample.south, quantity: 5)])
    #expect(short.lines[0].backOrdered == 2)
    #expect(short.shortages == [shortage(asked: 7, available: 5)])
  }

  @Test("REJECT takes nothing when a product falls short over all its lines")
  func reject() throws {
    let allocation = try Allocation.decide(demands(6, 6), stock: stock(10, 0), policy: .reject, splitting: true)
    #expect(allocation.shortages == [shortage(asked: 12, available: 10)])
    #expect(allocation.lines.allSatisfy { $0.reservations.isEmpty && $0.backOrdered.isZero })
  }

  @Test("COMPLETE waits for all of it and holds no halves")
  func complete() throws {
    var stock = stock(10, 0)
    stock[Sample.pears] = [WarehouseStock(warehouse: Sample.north, balance: StockBalance(onHand: 5))]
    var demands = demands(11)
    demands.append(StockDemand(line: 2, sku: Sample.pears, quantity: 5))
    let allocation = try Allocation.decide(demands, stock: stock, policy: .complete, splitting: true)
    #expect(allocation.shortages == [shortage(asked: 11, available: 10)])
    #expect(allocation.lines.map(\.backOrdered) == [11, 5])
    #expect(allocation.lines.allSatisfy { $0.reservations.isEmpty })
  }

  @Test("PARTIAL reserves what is there and back-orders the rest")
  func partial() throws {
    let allocation = try Allocation.decide(demands(6, 6), stock: stock(8, 0), policy: .partial, splitting: true)
    #expect(allocation.lines.map(\.backOrdered) == [0, 4])
    let none = try Allocation.decide(demands(3), stock: [:], policy: .partial, splitting: true)
    #expect(none.lines[0].backOrdered == 3)
  }

  @Test("What the queue of back-orders waits for is not promised to a new order")
  func fence() throws {
    let allocation = try Allocation.decide(
      demands(5), stock: stock(10, 0, fenced: 6), policy: .partial, splitting: true)
    #expect(allocation.shortages == [shortage(asked: 5, available: 4)])
    let negative = WarehouseStock(
      warehouse: Sample.north, balance: StockBalance(onHand: Quantity(.min), reserved: Quantity(.max)),
      fenced: Quantity(.max))
    #expect(negative.promisable == 0)
  }

  private func shortage(asked: Quantity, available: Quantity) -> Shortage {
    Shortage(sku: Sample.apples, line: 1, asked: asked, available: available)
  }

  @Test("Nothing is ever oversold, and every line is served, waits or is refused in full", arguments: seeds)
  func neverOversells(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let skus = [Sample.apples, Sample.pears]
    for _ in 0..<500 {
      var stock: [SKU: [WarehouseStock]] = [:]
      for sku in skus {
        stock[sku] = (0..<random.number(0...3)).map {
          WarehouseStock(
            warehouse: WarehouseID(unchecked: "W\($0)"),
            balance: StockBalance(
              onHand: Quantity(random.number(-3...20)), reserved: Quantity(random.number(0...10))),
            fenced: Quantity(random.number(0...4)))
        }
      }
      let demands = (0..<random.number(1...6)).map {
        StockDemand(
          line: Int32($0 + 1), sku: skus.randomElement(using: &random) ?? Sample.apples,
          quantity: Quantity(random.number(1...15)))
      }
      let policy = ShipPolicy.allCases.randomElement(using: &random) ?? .reject
      let splitting = random.oneIn(2)
      let allocation = try Allocation.decide(demands, stock: stock, policy: policy, splitting: splitting)
      #expect(allocation == (try Allocation.decide(demands, stock: stock, policy: policy, splitting: splitting)))

      var taken: [SKU: [WarehouseID: Int64]] = [:]
      for (line, demand) in zip(allocation.lines, demands) {
        let got = line.reservations.reduce(Int64(0)) { $0 + $1.quantity.value }
        let isRefused = policy == .reject && !allocation.shortages.isEmpty
        #expect(isRefused ? got == 0 && line.backOrdered == 0 : got + line.backOrdered.value == demand.quantity.value)
        #expect(splitting || line.reservations.count <= 1)
        #expect(line.reservations.allSatisfy { $0.quantity.isPositive })
        for reservation in line.reservations {
          taken[line.sku, default: [:]][reservation.warehouse, default: 0] += reservation.quantity.value
        }
      }
      for (sku, shelves) in stock {
        for shelf in shelves {
          #expect((taken[sku]?[shelf.warehouse] ?? 0) <= shelf.promisable.value)
        }
      }
    }
  }
}
