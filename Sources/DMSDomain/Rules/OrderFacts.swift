/// What the rules need to know of a dealer that orders.
public struct OrderingDealer: Hashable, Sendable {
  /// The dealer.
  public var id: DealerID
  /// Its tier.
  public var tier: Tier?
  /// Its region.
  public var region: Region?
  /// Whether it may order.
  public var status: DealerStatus
  /// Currency of its orders.
  public var currency: CurrencyCode
  /// The list looked at first.
  public var priceList: PriceListID?
  /// One line may be split over several warehouses.
  public var splitShipmentsAllowed: Bool

  /// An active dealer, unless more is said.
  public init(
    id: DealerID, tier: Tier? = nil, region: Region? = nil, status: DealerStatus = .active, currency: CurrencyCode,
    priceList: PriceListID? = nil, splitShipmentsAllowed: Bool = false
  ) {
    self.id = id
    self.tier = tier
    self.region = region
    self.status = status
    self.currency = currency
    self.priceList = priceList
    self.splitShipmentsAllowed = splitShipmentsAllowed
  }

  /// What the rules need to know of a dealer.
  public init(_ dealer: Dealer) {
    self.init(
      id: dealer.id, tier: dealer.tier, region: dealer.region, status: dealer.status, currency: dealer.currency,
      priceList: dealer.priceList, splitShipmentsAllowed: dealer.splitShipmentsAllowed)
  }
}

/// Who submits, and what it may do.
public struct SubmitterFacts: Hashable, Sendable {
  /// The principal.
  public var id: PrincipalID
  /// It may order for the order's dealer.
  public var mayOrder: Bool
  /// Greatest total that it may order without review; 0 for any.
  public var orderLimit: Micros
  /// It may order at prices agreed outside the lists.
  public var agreedPricesAllowed: Bool

  /// A principal that may order, without further rights, unless more is said.
  public init(id: PrincipalID, mayOrder: Bool = true, orderLimit: Micros = 0, agreedPricesAllowed: Bool = false) {
    self.id = id
    self.mayOrder = mayOrder
    self.orderLimit = orderLimit
    self.agreedPricesAllowed = agreedPricesAllowed
  }
}

/// What is known of a product that is ordered.
public struct ProductFacts: Hashable, Sendable {
  /// Under which terms it is sold.
  public var terms: ProductTerms
  /// Its published prices; those that cannot apply do no harm.
  public var prices: [PriceCandidate]
  /// Its stock at the warehouses that serve the dealer, in order of preference, each warehouse once.
  public var stock: [WarehouseStock]

  /// What is known of a product.
  public init(terms: ProductTerms, prices: [PriceCandidate] = [], stock: [WarehouseStock] = []) {
    self.terms = terms
    self.prices = prices
    self.stock = stock
  }
}

/// Orders that the one under judgement may repeat.
public struct DuplicateFacts: Hashable, Sendable {
  /// A live order of the dealer with the same customer reference.
  public var sameReference: OrderID?
  /// An order of the dealer with the same lines, within the rule set's window.
  public var sameContent: OrderID?

  /// No such order, unless one is given.
  public init(sameReference: OrderID? = nil, sameContent: OrderID? = nil) {
    self.sameReference = sameReference
    self.sameContent = sameContent
  }
}

/// All that the rules judge an order by, read in the transaction that will hold the result.
public struct OrderFacts: Hashable, Sendable {
  /// The server's clock.
  public var now: InstantMicros
  /// Who submits.
  public var submitter: SubmitterFacts
  /// The dealer that orders.
  public var dealer: OrderingDealer
  /// The products of the lines; one that is not known is left out.
  public var products: [SKU: ProductFacts]
  /// The account that the order draws on.
  public var credit: CreditFacts
  /// Orders that it may repeat.
  public var duplicates: DuplicateFacts

  /// What an order is judged by.
  public init(
    now: InstantMicros, submitter: SubmitterFacts, dealer: OrderingDealer, products: [SKU: ProductFacts],
    credit: CreditFacts, duplicates: DuplicateFacts = DuplicateFacts()
  ) {
    self.now = now
    self.submitter = submitter
    self.dealer = dealer
    self.products = products
    self.credit = credit
    self.duplicates = duplicates
  }
}
