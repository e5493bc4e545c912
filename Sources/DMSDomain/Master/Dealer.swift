/// Whether a dealer may order. Raw values are those of the store and the wire.
public enum DealerStatus: Int, Hashable, Sendable, CaseIterable {
  /// It may.
  case active = 1
  /// Not for now.
  case suspended = 2
  /// No longer.
  case closed = 3

  /// The status in capitals, such as `ACTIVE`.
  public var code: String {
    switch self {
    case .active: "ACTIVE"
    case .suspended: "SUSPENDED"
    case .closed: "CLOSED"
    }
  }
}

/// A dealer of the brand: who it is, and the terms under which it orders.
public struct Dealer: Hashable, Sendable {
  /// The dealer's key.
  public var id: DealerID
  /// Name for people.
  public var name: String
  /// Its tier, if it has one.
  public var tier: Tier?
  /// Its region, if it has one.
  public var region: Region?
  /// The dealer above this one.
  public var parent: DealerID?
  /// Whether it may order.
  public var status: DealerStatus
  /// Currency of its orders.
  public var currency: CurrencyCode
  /// Payment terms; empty when none are agreed.
  public var paymentTerms: String
  /// The account that its orders draw on.
  public var creditAccount: CreditAccountID
  /// The list looked at first; every published list of its currency when nil.
  public var priceList: PriceListID?
  /// Sales territory; empty when none is agreed.
  public var territory: String
  /// Warehouses that serve it, in order of preference; every active one by id when empty.
  public var servingWarehouses: [WarehouseID]
  /// Who keeps the book of its stock.
  public var stockAuthority: StockAuthority
  /// One line of an order may be split over several warehouses.
  public var splitShipmentsAllowed: Bool
  /// Age in seconds beyond which its reported stock is stale.
  public var feedMaxAgeSeconds: Int64
  /// Its address.
  public var address: Address?

  /// The agreed age of a feed when none is stated: one day.
  public static let feedMaxAgeSecondsDefault: Int64 = 86_400

  /// A dealer; what is not given is the default that new dealers have.
  public init(
    id: DealerID, name: String, tier: Tier? = nil, region: Region? = nil, parent: DealerID? = nil,
    status: DealerStatus = .active, currency: CurrencyCode, paymentTerms: String = "",
    creditAccount: CreditAccountID? = nil, priceList: PriceListID? = nil, territory: String = "",
    servingWarehouses: [WarehouseID] = [], stockAuthority: StockAuthority = .dms, splitShipmentsAllowed: Bool = false,
    feedMaxAgeSeconds: Int64 = Dealer.feedMaxAgeSecondsDefault, address: Address? = nil
  ) {
    self.id = id
    self.name = name
    self.tier = tier
    self.region = region
    self.parent = parent
    self.status = status
    self.currency = currency
    self.paymentTerms = paymentTerms
    self.creditAccount = creditAccount ?? CreditAccountID(of: id)
    self.priceList = priceList
    self.territory = territory
    self.servingWarehouses = servingWarehouses
    self.stockAuthority = stockAuthority
    self.splitShipmentsAllowed = splitShipmentsAllowed
    self.feedMaxAgeSeconds = feedMaxAgeSeconds
    self.address = address
  }

  /// Throws every field that is wrong by itself; what needs other dealers, such as a loop of parents, is not seen here.
  public func validate() throws(FieldViolations) {
    var check = FieldCheck()
    check.text(name, "name", max: Limits.nameCharactersMax, required: true)
    if parent == id { check.note("parent_dealer_id", .conflicting(with: "dealer_id")) }
    check.text(paymentTerms, "payment_terms", max: Limits.shortTextCharactersMax)
    check.text(territory, "territory", max: Limits.shortTextCharactersMax)
    check.count(servingWarehouses.count, "serving_warehouse_ids", max: Limits.servingWarehousesMax)
    if Set(servingWarehouses).count != servingWarehouses.count { check.note("serving_warehouse_ids", .duplicate) }
    check.range(feedMaxAgeSeconds, "feed_max_age", Limits.feedAgeSecondsMin...Limits.feedAgeSecondsMax)
    address?.check(into: &check, at: "address")
    try check.finish()
  }

  /// True when what the dealer reported last is older than agreed. Never having reported is stale.
  public func isStale(lastWord: InstantMicros?, now: InstantMicros) -> Bool {
    guard let lastWord else { return true }
    let (age, overflow) = now.value.subtractingReportingOverflow(lastWord.value)
    return overflow ? lastWord < now : age / 1_000_000 > feedMaxAgeSeconds
  }
}
