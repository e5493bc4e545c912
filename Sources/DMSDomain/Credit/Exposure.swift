/// Part of an exposure. Raw values are those of the store.
public enum ExposureBucket: Int, Hashable, Sendable, CaseIterable {
  /// Value of orders in review or approved that has not shipped.
  case unshipped = 1
  /// Shipped and not billed.
  case unbilled = 2
  /// Open receivables less unallocated receipts; below zero when the dealer has paid ahead.
  case receivable = 3
}

/// What is drawn on a credit account.
public struct Exposure: Hashable, Sendable {
  /// Value of orders in review or approved that has not shipped.
  public var unshipped: Micros
  /// Shipped and not billed.
  public var unbilled: Micros
  /// Open receivables less unallocated receipts.
  public var receivable: Micros

  /// Nothing drawn, unless more is said.
  public init(unshipped: Micros = 0, unbilled: Micros = 0, receivable: Micros = 0) {
    self.unshipped = unshipped
    self.unbilled = unbilled
    self.receivable = receivable
  }

  /// The sum of the three.
  public func total() throws(ArithmeticError) -> Micros {
    try unshipped + unbilled + receivable
  }

  /// The exposure once a posting is added.
  public func adding(_ posting: CreditPosting) throws(ArithmeticError) -> Exposure {
    var sum = self
    switch posting.bucket {
    case .unshipped: sum.unshipped = try unshipped + posting.amount
    case .unbilled: sum.unbilled = try unbilled + posting.amount
    case .receivable: sum.receivable = try receivable + posting.amount
    }
    return sum
  }

  /// The exposure without an order whose value is booked as unshipped.
  public func leavingOut(booked: Micros) throws(ArithmeticError) -> Exposure {
    var rest = self
    rest.unshipped = try unshipped - booked
    return rest
  }
}

/// Why an exposure changed. Raw values are those of the store; they are kept for ever.
public enum CreditEntryKind: Int, Hashable, Sendable, CaseIterable {
  /// An order was submitted.
  case orderBooked = 1
  /// An order was rejected, returned or cancelled.
  case orderReleased = 2
  /// Goods left: value moves from unshipped to unbilled.
  case shipped = 3
  /// An invoice named what was shipped.
  case invoice = 4
  /// Money came in.
  case receipt = 5
  /// A credit note of the ERP.
  case creditNote = 6
  /// Corrected by people.
  case adjustment = 7
}

/// An entry of the credit ledger: a change of one bucket of one account.
public struct CreditPosting: Hashable, Sendable {
  /// The account.
  public var account: CreditAccountID
  /// Why.
  public var kind: CreditEntryKind
  /// What changes.
  public var bucket: ExposureBucket
  /// By how much; never 0.
  public var amount: Micros
  /// The order behind it.
  public var order: OrderID?

  /// A change of one bucket of an account.
  public init(
    account: CreditAccountID, kind: CreditEntryKind, bucket: ExposureBucket, amount: Micros, order: OrderID? = nil
  ) {
    self.account = account
    self.kind = kind
    self.bucket = bucket
    self.amount = amount
    self.order = order
  }
}
