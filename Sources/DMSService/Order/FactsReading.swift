internal import DMSDomain
internal import DMSStorage

/// Reads, in the transaction that will hold the result, what orders are judged by.
struct OrderFactsReader {
  let transaction: ReadTransaction
  let dealer: DMSDomain.Dealer
  let warehouses: [WarehouseID]

  /// Reads the dealer; throws `NOT_FOUND` when it does not exist or is not the caller's to see.
  init(_ id: DealerID, caller: Caller, in transaction: ReadTransaction) throws {
    try self.init(id, in: transaction)
    // Where the dealer itself is in reach, those above it need not be looked up.
    guard !caller.covers(DealerPlace(dealer: id, region: dealer.region)) else { return }
    _ = try caller.require(id, in: transaction)
  }

  /// Reads a dealer that an order names.
  init(_ id: DealerID, in transaction: ReadTransaction) throws {
    guard let dealer = try transaction.dealer(id)?.value else { throw ServiceError.notFound(.dealer, id: id.value) }
    self.transaction = transaction
    self.dealer = dealer
    warehouses =
      dealer.servingWarehouses.isEmpty
      ? try transaction.activeWarehouses() : try transaction.servingWarehouses(of: id)
  }

  /// The terms of the products that are known.
  func terms(_ skus: [SKU]) throws -> [SKU: ProductTerms] {
    var result: [SKU: ProductTerms] = [:]
    let skus = Self.unique(skus)
    for (sku, terms) in zip(skus, try transaction.productTerms(skus)) { result[sku] = terms }
    return result
  }

  /// What a submission is judged by.
  ///
  /// - Parameter order: the order itself, which is no duplicate of its own.
  func facts(
    header: OrderHeader, lines: [LineRequest], terms: [SKU: ProductTerms], order: OrderID, caller: Caller,
    ruleSet: RuleSet, hashing: ContentHashing
  ) throws -> OrderFacts {
    let skus = Self.unique(lines.map(\.sku)).filter { terms[$0] != nil }
    let prices = try transaction.priceCandidates(skus)
    let stock = try transaction.promisableStock(of: skus, at: warehouses)
    var products: [SKU: ProductFacts] = [:]
    products.reserveCapacity(skus.count)
    for (index, sku) in skus.enumerated() {
      guard let terms = terms[sku] else { continue }
      products[sku] = ProductFacts(terms: terms, prices: prices[index], stock: stock[sku] ?? [])
    }
    let principal = caller.principal
    return OrderFacts(
      now: transaction.now,
      submitter: SubmitterFacts(
        id: principal.id, mayOrder: true, orderLimit: principal.orderLimit,
        agreedPricesAllowed: principal.agreedPricesAllowed),
      dealer: OrderingDealer(dealer), products: products, credit: try credit(of: dealer.creditAccount),
      duplicates: try duplicates(header: header, lines: lines, order: order, ruleSet: ruleSet, hashing: hashing))
  }

  /// What an approval is judged by again.
  func approvalFacts(_ order: DMSDomain.Order) throws -> ApprovalFacts {
    let lapsed = Self.unique(order.lines.filter { $0.quantities.unassigned.isPositive }.map(\.request.sku))
    return ApprovalFacts(
      dealer: OrderingDealer(dealer), credit: try credit(of: order.creditAccount, leavingOut: order.booked),
      stock: try transaction.promisableStock(of: lapsed, at: warehouses))
  }

  private func credit(of account: CreditAccountID, leavingOut booked: Micros = 0) throws -> CreditFacts {
    guard let stored = try transaction.creditAccount(account) else {
      throw UnreadableRow(table: "credit_account", key: account.value)
    }
    return CreditFacts(account: stored.terms.value, exposure: try stored.exposure.leavingOut(booked: booked))
  }

  private func duplicates(
    header: OrderHeader, lines: [LineRequest], order: OrderID, ruleSet: RuleSet, hashing: ContentHashing
  ) throws -> DuplicateFacts {
    var facts = DuplicateFacts()
    if !header.customerReference.isEmpty {
      facts.sameReference = try transaction.liveOrder(
        of: header.dealer, reference: header.customerReference, except: order)
    }
    let since = (try? header.businessDate.adding(days: -Int64(ruleSet.duplicateWindowDays))) ?? .earliest
    facts.sameContent = try transaction.liveOrder(
      of: header.dealer, linesHash: hashing(try CanonicalContent.products(of: lines)), from: since, except: order)
    return facts
  }

  private static func unique(_ skus: [SKU]) -> [SKU] {
    var seen: Set<SKU> = []
    return skus.filter { seen.insert($0).inserted }
  }
}
