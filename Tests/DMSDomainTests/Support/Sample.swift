import DMSDomain

/// Values that tests start from, and change where it matters.
enum Sample {
  static let now = InstantMicros(1_700_000_000_000_000)
  static let today = day("2026-03-10")
  static let dealerID = DealerID(unchecked: "D1")
  static let apples = SKU(unchecked: "APPLE")
  static let pears = SKU(unchecked: "PEAR")
  static let north = WarehouseID(unchecked: "NORTH")
  static let south = WarehouseID(unchecked: "SOUTH")
  static let clerk = PrincipalID(unchecked: "clerk")
  static let retail = PriceListID(unchecked: "RETAIL")
  static let place = DealerPlace(dealer: dealerID, region: Region(unchecked: "EAST"))

  static let usd = currency("USD")
  static let eur = currency("EUR")
  static let jpy = currency("JPY")

  static func currency(_ code: String) -> CurrencyCode {
    do {
      return try CurrencyCode(validating: code)
    } catch {
      fatalError("\(code) is a currency")
    }
  }

  static func day(_ text: String) -> BusinessDate {
    do {
      return try BusinessDate(iso: text)
    } catch {
      fatalError("\(text) is a day")
    }
  }

  static func dollars(_ amount: Int64) -> Micros { Micros(amount * 1_000_000) }

  static let dealer = OrderingDealer(
    id: dealerID, tier: Tier(unchecked: "GOLD"), region: Region(unchecked: "EAST"), currency: usd)

  static func header(policy: ShipPolicy = .reject, reference: String = "PO-1", freight: Micros = 0) -> OrderHeader {
    OrderHeader(
      dealer: dealerID, currency: usd, businessDate: today, customerReference: reference, shipPolicy: policy,
      freight: freight)
  }

  static func price(_ sku: SKU, _ unitPrice: Micros, list: PriceListID = retail) -> PriceCandidate {
    PriceCandidate(
      list: list, version: 1, currency: usd, entry: PriceEntry(sku: sku, unitPrice: unitPrice))
  }

  /// A product at 10 dollars, with stock in the north.
  static func product(_ sku: SKU, onHand: Quantity = 1_000) -> ProductFacts {
    ProductFacts(
      terms: ProductTerms(sku: sku), prices: [price(sku, dollars(10))],
      stock: [WarehouseStock(warehouse: north, balance: StockBalance(onHand: onHand))])
  }

  static func account(limit: Micros = dollars(10_000)) -> CreditAccount {
    CreditAccount(id: CreditAccountID(of: dealerID), currency: usd, mode: .limit, limit: limit)
  }

  /// Facts by which an order of apples and pears passes every rule.
  static func facts(limit: Micros = dollars(10_000), onHand: Quantity = 1_000) -> OrderFacts {
    OrderFacts(
      now: now, submitter: SubmitterFacts(id: clerk), dealer: dealer,
      products: [apples: product(apples, onHand: onHand), pears: product(pears, onHand: onHand)],
      credit: CreditFacts(account: account(limit: limit), exposure: Exposure()))
  }

  static func lines(_ quantities: Quantity..., sku: SKU = apples) -> [LineRequest] {
    quantities.map { LineRequest(sku: sku, entered: $0) }
  }

  /// A stand-in for SHA-256: FNV-1a over the bytes.
  static let hashing: ContentHashing = { bytes in
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return (0..<8).map { UInt8(truncatingIfNeeded: hash >> (8 * $0)) }
  }

  static func reviewer(_ grants: Grant..., id: String = "boss") -> Principal {
    Principal(id: PrincipalID(unchecked: id), displayName: id, grants: grants)
  }

  static let admin = reviewer(Grant(.admin))

  static func review(_ reviewer: Principal = admin, comment: String = "", hash: [UInt8]? = nil) -> Review {
    Review(reviewer: reviewer, place: place, contentHash: hash, comment: comment, now: now)
  }

  static func judge(
    _ lines: [LineRequest], header: OrderHeader = header(), facts: OrderFacts = facts(), ruleSet: RuleSet = .builtIn
  ) throws -> Judgement {
    try OrderJudge.judge(header: header, lines: lines, facts: facts, ruleSet: ruleSet)
  }

  /// Places an order and gives back what changed; fails when a rule blocks it.
  static func place(
    _ lines: [LineRequest], header: OrderHeader = header(), facts: OrderFacts = facts(), ruleSet: RuleSet = .builtIn
  ) throws -> OrderChange {
    let placed = try Order.placing(
      id: OrderID(unchecked: "O1"), header: header, lines: lines, facts: facts, ruleSet: ruleSet, hashing: hashing)
    guard case .accepted(let change) = placed else { throw Blocked() }
    return change
  }

  /// A rule blocked what should have been accepted.
  struct Blocked: Error {}
}

extension Decision {
  /// The one finding of a reason.
  func finding(_ reason: ReasonCode) -> Verdict? {
    findings.first { $0.reason == reason }
  }
}
