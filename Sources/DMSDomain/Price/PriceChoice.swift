/// A published price that may apply to a product.
public struct PriceCandidate: Hashable, Sendable {
  /// The list that holds it.
  public var list: PriceListID
  /// The list's published version.
  public var version: Int64
  /// The list's currency.
  public var currency: CurrencyCode
  /// The list's prices include tax.
  public var taxInclusive: Bool
  /// The entry.
  public var entry: PriceEntry

  /// An entry of a published list.
  public init(
    list: PriceListID, version: Int64, currency: CurrencyCode, taxInclusive: Bool = false, entry: PriceEntry
  ) {
    self.list = list
    self.version = version
    self.currency = currency
    self.taxInclusive = taxInclusive
    self.entry = entry
  }

  /// List and version, such as `RETAIL@3`.
  public var listVersion: String { "\(list)@\(version)" }
}

/// Whom and what a price is sought for.
public struct PriceQuery: Hashable, Sendable {
  /// The dealer that orders.
  public var dealer: DealerID
  /// Its tier.
  public var tier: Tier?
  /// Its region.
  public var region: Region?
  /// The list looked at first; the others count only when nothing in it applies.
  public var preferredList: PriceListID?
  /// The order's currency.
  public var currency: CurrencyCode
  /// The order's business date.
  public var date: BusinessDate

  /// Seeks prices for a dealer's order.
  public init(
    dealer: DealerID, tier: Tier? = nil, region: Region? = nil, preferredList: PriceListID? = nil,
    currency: CurrencyCode, date: BusinessDate
  ) {
    self.dealer = dealer
    self.tier = tier
    self.region = region
    self.preferredList = preferredList
    self.currency = currency
    self.date = date
  }

  /// The price that applies to a quantity: the sum over all lines of one product. Nil when none does.
  ///
  /// The dealer's own list before others; then dealer before tier before region before everyone, the greater priority,
  /// the largest from-quantity that fits. What is still equal, which only entries of different lists can be, is
  /// settled by the list's id. The order of `candidates` is of no matter.
  public func choose(from candidates: [PriceCandidate], quantity: Quantity) -> PriceCandidate? {
    var best: PriceCandidate?
    for candidate in candidates where applies(candidate, to: quantity) {
      guard let current = best else {
        best = candidate
        continue
      }
      if wins(candidate, over: current) { best = candidate }
    }
    return best
  }

  private func applies(_ candidate: PriceCandidate, to quantity: Quantity) -> Bool {
    candidate.currency == currency && candidate.entry.fromQuantity <= quantity
      && candidate.entry.validity.contains(date)
      && candidate.entry.audience.includes(dealer, tier: tier, region: region)
  }

  private func wins(_ candidate: PriceCandidate, over other: PriceCandidate) -> Bool {
    let isPreferred = candidate.list == preferredList
    if isPreferred != (other.list == preferredList) { return isPreferred }
    let (new, old) = (candidate.entry, other.entry)
    if new.audience.narrowness != old.audience.narrowness { return new.audience.narrowness > old.audience.narrowness }
    if new.priority != old.priority { return new.priority > old.priority }
    if new.fromQuantity != old.fromQuantity { return new.fromQuantity > old.fromQuantity }
    if candidate.list != other.list { return candidate.list < other.list }
    if new.validity.from != old.validity.from { return new.validity.from > old.validity.from }
    if new.unitPrice != old.unitPrice { return new.unitPrice < old.unitPrice }
    return new.validity.until > old.validity.until
  }
}
