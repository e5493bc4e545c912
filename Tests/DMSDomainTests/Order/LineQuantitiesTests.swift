import DMSDomain
import Testing

@Suite("Quantities of a line")
struct LineQuantitiesTests {
  @Test("What always holds of a line holds after any sequence of actions", arguments: seeds)
  func invariants(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<200 {
      var line = try LineQuantities(ordered: Quantity(random.number(1...60)))
      for _ in 0..<60 {
        let before = line
        let quantity = Quantity(random.number(-2...25))
        do {
          try act(on: &line, quantity, &random)
        } catch {
          #expect(line == before, "an action that throws changes nothing")
        }
        #expect(line.isConsistent)
        #expect(!line.unassigned.isNegative && !line.inTransit.isNegative)
        #expect(line.ordered == before.ordered)
      }
    }
  }

  private func act(on line: inout LineQuantities, _ quantity: Quantity, _ random: inout SplitMix64) throws {
    switch random.number(0...10) {
    case 0: try line.reserve(quantity)
    case 1: try line.backOrder(quantity)
    case 2: try line.fillBackOrder(quantity)
    case 3: try line.withdraw(quantity)
    case 4: line.release()
    case 5: try line.cancel(quantity)
    case 6: try line.closeShort(quantity)
    case 7: try line.ship(quantity)
    case 8:
      try line.receive(
        received: quantity, short: Quantity(random.number(0...2)), damaged: Quantity(random.number(0...2)),
        refused: Quantity(random.number(-1...2)))
    case 9: try line.giveBack(quantity)
    default: if random.oneIn(10) { try line.cancelOpen() }
    }
  }

  @Test("More than is open ships as over-shipped, and consumes the reservation")
  func overShipment() throws {
    var line = try LineQuantities(ordered: 10)
    try line.reserve(6)
    try line.backOrder(4)
    try line.ship(7)
    #expect((line.open, line.reserved, line.backOrdered) == (3, 0, 3))
    try line.ship(5)
    #expect((line.open, line.shipped, line.overShipped, line.backOrdered) == (0, 12, 2, 0))
  }

  @Test("A cancellation takes what is not assigned first, then what waits, then what is reserved")
  func cancellation() throws {
    var line = try LineQuantities(ordered: 10)
    try line.reserve(4)
    try line.backOrder(3)
    try line.cancel(5)
    #expect((line.reserved, line.backOrdered, line.unassigned) == (4, 1, 0))
    try line.cancel(3)
    #expect((line.reserved, line.backOrdered, line.open) == (2, 0, 2))
    #expect(throws: LineError.tooMuch(asked: 3, available: 2)) { try line.cancel(3) }
  }

  @Test("Quantities of a store that do not add up are refused, and never trap")
  func stored() throws {
    func line(ordered: Quantity, open: Quantity, cancelled: Quantity = 0, reserved: Quantity = 0) throws {
      _ = try LineQuantities(
        ordered: ordered, overShipped: 0, cancelled: cancelled, closedShort: 0, open: open, shipped: 0, received: 0,
        short: 0, damaged: 0, refused: 0, returned: 0, reserved: reserved, backOrdered: 0)
    }
    try line(ordered: 5, open: 5, reserved: 5)
    #expect(throws: LineError.inconsistent) { try line(ordered: 5, open: 4) }
    #expect(throws: LineError.inconsistent) { try line(ordered: 5, open: 5, reserved: 6) }
    #expect(throws: LineError.inconsistent) { try line(ordered: 0, open: 0) }
    #expect(throws: LineError.inconsistent) {
      try line(ordered: Quantity(.max), open: Quantity(.max), cancelled: Quantity(.max))
    }
    #expect(throws: LineError.notPositive(0)) { try LineQuantities(ordered: 0) }
  }

  @Test("A line ordered in full and shipped beyond 64 bits is refused")
  func overflow() throws {
    var line = try LineQuantities(ordered: Quantity(.max))
    try line.ship(Quantity(.max))
    let before = line
    #expect(throws: LineError.overflow) { try line.ship(1) }
    #expect(line == before)
  }

  @Test("Fulfilment follows from the lines")
  func fulfilment() throws {
    var line = try LineQuantities(ordered: 5)
    #expect(OrderState.fulfilment(of: [line]) == .approved)
    try line.ship(2)
    #expect(OrderState.fulfilment(of: [line]) == .partiallyShipped)
    try line.closeShort(3)
    #expect(OrderState.fulfilment(of: [line]) == .shipped)
    try line.receive(received: 1, short: 1, damaged: 0, refused: 0)
    #expect(OrderState.fulfilment(of: [line]) == .delivered)
  }
}
