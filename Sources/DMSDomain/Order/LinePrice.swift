/// Where a line's price came from. Raw values are those of the store and the wire.
public enum PriceSource: Int, Hashable, Sendable, CaseIterable {
  /// Not priced.
  case none = 0
  /// A published price list.
  case list = 1
  /// Agreed outside the lists.
  case agreed = 2
}

/// A discount on a line.
public struct LineDiscount: Hashable, Sendable {
  /// Name of the promotion or agreement.
  public var name: String
  /// What it takes off the line.
  public var amount: Micros

  /// An amount off a line.
  public init(name: String, amount: Micros) {
    self.name = name
    self.amount = amount
  }
}

/// What a line costs, and why. Frozen at submission.
public struct LinePrice: Hashable, Sendable {
  /// Price per base unit from the lists; 0 when no list has one.
  public var listUnitPrice: Micros = 0
  /// Price per base unit that the order pays.
  public var unitPrice: Micros = 0
  /// Where it came from.
  public var source: PriceSource = .none
  /// The list that gave the price, with its version, such as `RETAIL@3`; empty when none did.
  public var listVersion = ""
  /// Discounts, in the order in which they were applied.
  public var discounts: [LineDiscount] = []
  /// Amount before discounts, without tax.
  public var gross: Micros = 0
  /// Amount after discounts, without tax, in whole minor units.
  public var net: Micros = 0
  /// Tax code; empty when no tax is known.
  public var taxCode = ""
  /// Tax rate.
  public var taxRate: BasisPoints = 0
  /// Tax, in whole minor units.
  public var tax: Micros = 0

  /// A line without a price.
  public init() {}

  /// What a store holds of a line's price.
  public init(
    listUnitPrice: Micros, unitPrice: Micros, source: PriceSource, listVersion: String,
    discounts: [LineDiscount] = [], gross: Micros, net: Micros, taxCode: String, taxRate: BasisPoints, tax: Micros
  ) {
    self.listUnitPrice = listUnitPrice
    self.unitPrice = unitPrice
    self.source = source
    self.listVersion = listVersion
    self.discounts = discounts
    self.gross = gross
    self.net = net
    self.taxCode = taxCode
    self.taxRate = taxRate
    self.tax = tax
  }

  /// The price of a line of an order, from the price that the lists have for its product and what was agreed.
  ///
  /// Amounts are rounded half-even once. Where the list's prices include tax, the tax is taken out of the rounded
  /// amount, so that net and tax add up to it. Throws when amounts do not fit.
  init(of line: LineRequest, listed: ListedPrice?, tax terms: LineTax, currency: CurrencyCode) throws(ArithmeticError) {
    if let listed {
      listUnitPrice = listed.unitPrice
      unitPrice = listed.unitPrice
      source = .list
      listVersion = listed.listVersion
    }
    if let agreed = line.agreedUnitPrice {
      unitPrice = agreed
      source = .agreed
    }
    taxCode = terms.code
    taxRate = terms.rate
    let amount = try unitPrice.times(line.ordered, in: currency)
    if taxRate.isZero {
      net = amount
    } else if listed?.taxInclusive == true {
      tax = try currency.rounded(
        Int128(amount.value) * Int128(taxRate.value), over: Int128(BasisPoints.whole.value) + Int128(taxRate.value))
      net = try amount - tax
    } else {
      tax = try amount.share(taxRate, in: currency)
      net = amount
    }
    gross = net
  }
}

/// The price that the lists have for a product.
struct ListedPrice {
  let unitPrice: Micros
  let taxInclusive: Bool
  /// List and version, such as `RETAIL@3`.
  let listVersion: String

  init(_ candidate: PriceCandidate) {
    unitPrice = candidate.entry.unitPrice
    taxInclusive = candidate.taxInclusive
    listVersion = candidate.listVersion
  }
}

/// The tax on a product.
struct LineTax {
  let code: String
  let rate: BasisPoints

  static let none = LineTax(code: "", rate: 0)
}

/// What an order comes to.
public struct OrderTotals: Hashable, Sendable {
  /// Sum of the lines' net amounts.
  public var net: Micros
  /// Sum of the lines' taxes.
  public var tax: Micros
  /// What the dealer owes: net, tax and freight.
  public var total: Micros

  /// Nothing.
  public static let zero = OrderTotals(net: 0, tax: 0, total: 0)

  /// What a store holds of an order's totals.
  public init(net: Micros, tax: Micros, total: Micros) {
    self.net = net
    self.tax = tax
    self.total = total
  }

  /// The sums over the lines; throws when they do not fit.
  public init(lines: [LinePrice], freight: Micros) throws(ArithmeticError) {
    net = try Micros.sum(lines.lazy.map(\.net))
    tax = try Micros.sum(lines.lazy.map(\.tax))
    total = try net + tax + freight
  }
}
