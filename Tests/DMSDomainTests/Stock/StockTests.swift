import DMSDomain
import Testing

@Suite("Stock")
struct StockTests {
  @Test("Movements have the sign that their kind asks for", arguments: MovementKind.allCases)
  func signs(kind: MovementKind) {
    #expect(!kind.allows(0))
    #expect(kind.allows(1) == (kind.direction != .outward))
    #expect(kind.allows(-1) == (kind.direction != .inward))
  }

  @Test("Brand stock never falls below zero, and no request takes what is promised")
  func brand() throws {
    let balance = StockBalance(onHand: 10, reserved: 4)
    #expect(throws: StockError.belowZero(onHand: 10, change: -11)) {
      try balance.posting(.damage, change: -11, owner: .brand)
    }
    #expect(throws: StockError.belowReserved(onHand: 10, reserved: 4, change: -7)) {
      try balance.posting(.issue, change: -7, owner: .brand)
    }
    #expect(try balance.posting(.issue, change: -6, owner: .brand).balance == StockBalance(onHand: 4, reserved: 4))
    #expect(throws: StockError.badQuantity(.receipt, -1)) {
      try balance.posting(.receipt, change: -1, owner: .brand)
    }
    #expect(throws: StockError.overflow) { try balance.posting(.receipt, change: Quantity(.max), owner: .brand) }
  }

  @Test(
    "A physical loss below what is reserved is accepted, and says what must be withdrawn",
    arguments: [MovementKind.damage, .adjust, .count])
  func physicalLoss(kind: MovementKind) throws {
    let posting = try StockBalance(onHand: 10, reserved: 8).posting(kind, change: -7, owner: .brand)
    #expect(posting.balance.onHand == 3)
    #expect(posting.excess == 5)
  }

  @Test("A dealer's balance may be reported below zero, and is flagged")
  func dealer() throws {
    let posting = try StockBalance(onHand: 1).posting(.sale, change: -3, owner: .dealer(Sample.dealerID))
    #expect(posting.balance.isNegative)
    #expect(posting.excess == 0)
  }

  @Test("A set posts the difference, if what was expected is there")
  func setting() throws {
    let balance = StockBalance(onHand: 10, reserved: 4)
    #expect(try balance.setting(to: 7, expected: 10, owner: .brand).change == -3)
    #expect(try balance.setting(to: 10, expected: nil, owner: .brand).change == 0)
    #expect(try balance.setting(to: 1, expected: nil, owner: .brand).excess == 3)
    #expect(throws: StockError.balanceMismatch(expected: 9, actual: 10)) {
      try balance.setting(to: 7, expected: 9, owner: .brand)
    }
    #expect(throws: StockError.negativeBalance(-1)) { try balance.setting(to: -1, expected: nil, owner: .brand) }
    #expect(try balance.setting(to: -1, expected: nil, owner: .dealer(Sample.dealerID)).balance.isNegative)
    #expect(throws: StockError.overflow) {
      try StockBalance(onHand: 1).setting(to: Quantity(.min), expected: nil, owner: .dealer(Sample.dealerID))
    }
  }

  @Test("No more is reserved than is there, and no more released than is reserved")
  func reserving() throws {
    let balance = StockBalance(onHand: 10, reserved: 4)
    #expect(try balance.reserving(6).reserved == 10)
    #expect(throws: StockError.belowReserved(onHand: 10, reserved: 4, change: 7)) { try balance.reserving(7) }
    #expect(try balance.releasing(4).reserved == 0)
    #expect(throws: StockError.notReserved(reserved: 4, released: 5)) { try balance.releasing(5) }
    #expect(throws: StockError.self) { try balance.reserving(0) }
    #expect(throws: StockError.self) { try balance.releasing(-1) }
  }

  @Test("On hand moves where the authority says so, and nothing is counted twice")
  func authority() {
    #expect(StockAuthority.dms.posting(of: .document) == .posts)
    #expect(StockAuthority.dms.posting(of: .adjustment) == .posts)
    #expect(StockAuthority.dms.posting(of: .feed) == .refused)
    #expect(StockAuthority.feed.posting(of: .document) == .inTransitOnly)
    #expect(StockAuthority.feed.posting(of: .adjustment) == .refused)
    #expect(StockAuthority.feed.posting(of: .feed) == .posts)
  }

  @Test("A balance is the sum of its movements, never below zero at the brand", arguments: seeds)
  func ledger(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var balance = StockBalance()
    var sum: Int64 = 0
    for _ in 0..<2_000 {
      let kind = MovementKind.allCases.randomElement(using: &random) ?? .adjust
      let change = random.number(-50...60)
      do {
        let posting = try balance.posting(kind, change: Quantity(change), owner: .brand)
        balance = posting.balance
        sum += posting.change.value
        if posting.excess.isPositive { balance = try balance.releasing(posting.excess) }
      } catch {}
      if random.oneIn(3), let more = try? balance.reserving(Quantity(random.number(1...10))) { balance = more }
      #expect(balance.onHand == Quantity(sum))
      #expect(!balance.onHand.isNegative && balance.reserved <= balance.onHand)
    }
  }

  @Test("What is lost is withdrawn from those served last", arguments: seeds)
  func withdrawal(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<300 {
      let reservations = (0..<random.number(0...8)).map { index in
        LiveReservation(
          order: OrderID(unchecked: "O\(index % 5)"), line: Int32(index), quantity: Quantity(random.number(1...9)),
          priority: Int32(random.number(0...1)), submissionRevision: random.number(1...4))
      }
      let total = reservations.reduce(Int64(0)) { $0 + $1.quantity.value }
      let excess = random.number(0...40)
      let withdrawals = Withdrawal.withdraw(Quantity(excess), from: reservations.shuffled(using: &random))
      #expect(withdrawals.reduce(Int64(0)) { $0 + $1.quantity.value } == min(excess, total))
      var left = Dictionary(uniqueKeysWithValues: reservations.map { ($0.line, $0.quantity.value) })
      for withdrawal in withdrawals { left[withdrawal.line, default: 0] -= withdrawal.quantity.value }
      // Who is served later keeps nothing while who is served before has lost something.
      for victim in reservations where (left[victim.line] ?? 0) < victim.quantity.value {
        for later in reservations where victim.precedes(later) {
          #expect(left[later.line] == 0)
        }
      }
    }
  }
}
