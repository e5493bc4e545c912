/// What an order asks for of one product, over all its lines, and what is known of the product.
struct JudgedProduct {
  let sku: SKU
  /// The first line that names it, from 1.
  let line: Int32
  /// What all lines ask for together.
  var asked: Quantity
  /// Nil when the product is not known.
  let facts: ProductFacts?
  /// The list's price for what is asked; nil when none applies.
  var listed: PriceCandidate?
}

/// An order as the rules look at it: its lines joined to the facts of their products, summed and priced.
///
/// Facts are looked up once for each product; the rules then go over arrays.
struct JudgedOrder {
  let header: OrderHeader
  let lines: [LineRequest]
  /// The products, in the order in which the lines name them.
  private(set) var products: [JudgedProduct] = []
  /// For each line the place of its product in `products`.
  private(set) var productIndices: [Int] = []
  /// The price of each line.
  private(set) var prices: [LinePrice] = []
  /// What the order comes to.
  private(set) var totals = OrderTotals.zero

  init(header: OrderHeader, lines: [LineRequest], facts: OrderFacts) throws(ArithmeticError) {
    self.header = header
    self.lines = lines
    try sum(facts.products)
    choosePrices(for: facts.dealer)
    prices.reserveCapacity(lines.count)
    for index in lines.indices {
      let product = product(ofLine: index)
      prices.append(
        try LinePrice(
          of: lines[index], listed: product.listed, terms: product.facts?.terms, currency: header.currency))
    }
    totals = try OrderTotals(lines: prices, freight: header.freight)
  }

  /// The product of the line at an index.
  func product(ofLine index: Int) -> JudgedProduct {
    products[productIndices[index]]
  }

  /// What each line asks of the stock.
  var stockDemands: [StockDemand] {
    lines.indices.map { StockDemand(line: Int32($0 + 1), sku: lines[$0].sku, quantity: lines[$0].ordered) }
  }

  private mutating func sum(_ facts: [SKU: ProductFacts]) throws(ArithmeticError) {
    var places = ProductPlaces()
    productIndices.reserveCapacity(lines.count)
    products.reserveCapacity(lines.count)
    for (index, line) in lines.enumerated() {
      let place = places.place(of: line.sku)
      productIndices.append(place)
      if place < products.count {
        products[place].asked = try products[place].asked + line.ordered
      } else {
        products.append(
          JudgedProduct(
            sku: line.sku, line: Int32(index + 1), asked: line.ordered, facts: facts[line.sku], listed: nil))
      }
    }
  }

  private mutating func choosePrices(for dealer: OrderingDealer) {
    let query = PriceQuery(
      dealer: dealer.id, tier: dealer.tier, region: dealer.region, preferredList: dealer.priceList,
      currency: header.currency, date: header.businessDate)
    for index in products.indices {
      guard let facts = products[index].facts else { continue }
      products[index].listed = query.choose(from: facts.prices, quantity: products[index].asked)
    }
  }
}

/// Numbers products in the order in which they come. Most orders are short, and comparing a few keys is faster than
/// hashing them; longer ones are hashed.
struct ProductPlaces {
  private var skus: [SKU] = []
  private var places: [SKU: Int] = [:]
  private static let comparedMax = 16

  /// The place of a product: the one that it has, or the next.
  mutating func place(of sku: SKU) -> Int {
    if skus.count <= Self.comparedMax {
      if let place = skus.firstIndex(of: sku) { return place }
      skus.append(sku)
      if skus.count > Self.comparedMax {
        for (place, sku) in skus.enumerated() { places[sku] = place }
      }
      return skus.count - 1
    }
    if let place = places[sku] { return place }
    places[sku] = skus.count
    skus.append(sku)
    return skus.count - 1
  }
}
