import DMSDomain
import Testing

@Suite("Prices")
struct PriceTests {
  private let query = PriceQuery(
    dealer: Sample.dealerID, tier: Tier(unchecked: "GOLD"), region: Region(unchecked: "EAST"), currency: Sample.usd,
    date: Sample.today)

  private func entry(
    _ price: Int64, audience: Audience = .everyone, priority: Int32 = 0, from: Quantity = 1,
    validity: Validity = Validity()
  ) -> PriceEntry {
    PriceEntry(
      sku: Sample.apples, audience: audience, priority: priority, fromQuantity: from, validity: validity,
      unitPrice: Sample.dollars(price))
  }

  private func candidates(_ entries: [PriceEntry], list: PriceListID = Sample.retail) -> [PriceCandidate] {
    entries.map { PriceCandidate(list: list, version: 1, currency: Sample.usd, entry: $0) }
  }

  private func chosen(_ entries: [PriceEntry], quantity: Quantity = 10) -> Micros? {
    query.choose(from: candidates(entries), quantity: quantity)?.entry.unitPrice
  }

  @Test("Dealer goes before tier, tier before region, region before everyone")
  func audiences() {
    let all = [
      entry(4), entry(3, audience: .region(Region(unchecked: "EAST")), priority: 9),
      entry(2, audience: .tier(Tier(unchecked: "GOLD")), priority: 9), entry(1, audience: .dealer(Sample.dealerID)),
    ]
    for count in 1...4 {
      #expect(chosen(Array(all.prefix(count))) == Sample.dollars(Int64(5 - count)))
    }
  }

  @Test("Then the greater priority, then the largest from-quantity that fits")
  func priorityAndBreaks() {
    #expect(chosen([entry(1, from: 10), entry(2, priority: 1)]) == Sample.dollars(2))
    let breaks = [entry(3), entry(2, from: 10), entry(1, from: 11)]
    #expect(chosen(breaks, quantity: 9) == Sample.dollars(3))
    #expect(chosen(breaks, quantity: 10) == Sample.dollars(2))
    #expect(chosen(breaks, quantity: 11) == Sample.dollars(1))
  }

  @Test("An entry holds from its first day to the day before its end")
  func validity() {
    let tomorrow = Sample.day("2026-03-11")
    #expect(chosen([entry(1, validity: Validity(from: Sample.today, until: tomorrow))]) == Sample.dollars(1))
    #expect(chosen([entry(1, validity: Validity(until: Sample.today))]) == nil)
    #expect(chosen([entry(1, validity: Validity(from: tomorrow))]) == nil)
    #expect(Validity().contains(.latest))
  }

  @Test("The dealer's own list goes before others, which count when it has nothing that applies")
  func preferredList() {
    var query = query
    query.preferredList = PriceListID(unchecked: "OWN")
    let other = candidates([entry(1, audience: .dealer(Sample.dealerID))])
    let own = candidates([entry(2)], list: PriceListID(unchecked: "OWN"))
    #expect(query.choose(from: other + own, quantity: 1)?.entry.unitPrice == Sample.dollars(2))
    #expect(query.choose(from: other, quantity: 1)?.entry.unitPrice == Sample.dollars(1))
  }

  @Test("Prices of another currency and other dealers' prices do not apply")
  func foreign() {
    var foreign = candidates([entry(1)])
    foreign[0].currency = Sample.eur
    #expect(query.choose(from: foreign, quantity: 1) == nil)
    #expect(chosen([entry(1, audience: .dealer(DealerID(unchecked: "D2")))]) == nil)
    #expect(chosen([entry(1, audience: .tier(Tier(unchecked: "SILVER")))]) == nil)
  }

  @Test("The order of the candidates is of no matter, and a list without conflicts has one winner", arguments: seeds)
  func deterministic(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<300 {
      let entries = (0..<random.number(1...12)).map { _ in randomEntry(&random) }
      let quantity = Quantity(random.number(1...20))
      let first = query.choose(from: candidates(entries), quantity: quantity)
      let second = query.choose(from: candidates(entries.shuffled(using: &random)), quantity: quantity)
      #expect(first == second)
      guard let first, PriceList.conflicts(among: entries).isEmpty else { continue }
      let equals = entries.filter {
        $0.audience == first.entry.audience && $0.priority == first.entry.priority
          && $0.fromQuantity == first.entry.fromQuantity && $0.validity.contains(Sample.today)
      }
      #expect(equals == [first.entry])
    }
  }

  @Test("Publishing finds exactly the entries that some order could find both winning", arguments: seeds)
  func conflicts(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<300 {
      let entries = (0..<random.number(2...10)).map { _ in randomEntry(&random) }
      let conflicts = PriceList.conflicts(among: entries)
      var collide = false
      for (index, left) in entries.enumerated() {
        for right in entries.dropFirst(index + 1) {
          let sameSlot =
            left.audience == right.audience && left.priority == right.priority
            && left.fromQuantity == right.fromQuantity
          collide = collide || (sameSlot && left.validity.overlaps(right.validity))
        }
      }
      #expect(conflicts.isEmpty == !collide)
      #expect(conflicts.allSatisfy { $0.first.validity.overlaps($0.second.validity) })
      #expect(PriceList.conflicts(among: entries.shuffled(using: &random)) == conflicts)
    }
  }

  private func randomEntry(_ random: inout SplitMix64) -> PriceEntry {
    let audiences: [Audience] = [
      .everyone, .region(Region(unchecked: "EAST")), .tier(Tier(unchecked: "GOLD")), .dealer(Sample.dealerID),
      .dealer(DealerID(unchecked: "D2")),
    ]
    let base = Int64(Sample.today.daysSinceEpoch)
    let from = base + random.number(-3...2)
    let until = from + random.number(1...4)
    let days = [from, until].compactMap { try? BusinessDate(daysSinceEpoch: $0) }
    return entry(
      random.number(1...5), audience: audiences.randomElement(using: &random) ?? .everyone,
      priority: Int32(random.number(0...1)), from: Quantity(random.number(1...3)),
      validity: Validity(from: days[0], until: days[1]))
  }

  @Test("Every entry that collides is named, a long one with each that begins while it holds")
  func namesEveryConflict() {
    let long = entry(1)
    let short = [1, 2, 3].map { month in
      entry(2, validity: Validity(from: Sample.day("2026-0\(month)-01"), until: Sample.day("2026-0\(month)-05")))
    }
    let conflicts = PriceList.conflicts(among: short + [long])
    #expect(conflicts == short.map { PriceConflict(first: long, second: $0) })
  }

  @Test("A draft is published under the next version, or refused with its conflicts")
  func publishing() throws {
    var list = PriceList(id: Sample.retail, name: "Retail", currency: Sample.usd, publishedVersion: 4)
    #expect(throws: PublishError.noDraft) { try list.publishing([]) }
    list.hasDraft = true
    let published = try list.publishing([entry(1), entry(2, from: 10)])
    #expect(published.publishedVersion == 5)
    #expect(!published.hasDraft)
    #expect(throws: PublishError.conflicts([PriceConflict(first: entry(1), second: entry(2))])) {
      try list.publishing([entry(2), entry(1)])
    }
    list.publishedVersion = .max
    #expect(throws: PublishError.versionsExhausted) { try list.publishing([]) }
  }

  @Test("Entries out of range are refused, each at its path")
  func ranges() {
    var check = FieldCheck()
    entry(1, priority: 1_000).check(into: &check, at: "entries[0]")
    #expect(check.violations.isEmpty)
    let today = Validity(from: Sample.today, until: Sample.today)
    entry(-1, priority: 1_001, from: 0, validity: today).check(into: &check, at: "entries[1]")
    #expect(
      check.violations.map(\.field) == [
        "entries[1].priority", "entries[1].from_quantity", "entries[1].unit_price_micros",
        "entries[1].valid_until_date",
      ])
  }
}
