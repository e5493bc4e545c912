/// A line of an order.
public struct OrderLine: Hashable, Sendable {
  /// What it asks for.
  public var request: LineRequest
  /// How far it has come.
  public var quantities: LineQuantities
  /// What it costs.
  public var price: LinePrice
  /// Where its reserved quantity stands; the sum is `quantities.reserved`.
  public var reservations: [Reservation]

  /// A line as a store holds it, or a new one without price and reservations.
  public init(
    request: LineRequest, quantities: LineQuantities, price: LinePrice = LinePrice(), reservations: [Reservation] = []
  ) {
    self.request = request
    self.quantities = quantities
    self.price = price
    self.reservations = reservations
  }
}

/// Kinds of hold. Raw values are those of the store and the wire.
public enum HoldKind: Int, Hashable, Sendable, CaseIterable {
  /// Credit must be cleared.
  case credit = 1
  /// Stock must be cleared.
  case stock = 2
  /// A price must be cleared.
  case price = 3
  /// Set by a person.
  case manual = 4
}

/// A flag beside the state that somebody must clear.
public struct OrderHold: Hashable, Sendable {
  /// What kind.
  public var kind: HoldKind
  /// Why.
  public var reason: String
  /// Who set it.
  public var setBy: PrincipalID
  /// When.
  public var setTime: InstantMicros

  /// A hold.
  public init(kind: HoldKind, reason: String, setBy: PrincipalID, setTime: InstantMicros) {
    self.kind = kind
    self.reason = reason
    self.setBy = setBy
    self.setTime = setTime
  }
}

/// An order: what was asked for, where it rests, and what is held for it.
///
/// A value. What may be done to it are functions that give back the order as it then is, and what must be written
/// beside it in the same commit.
public struct Order: Hashable, Sendable {
  /// The order's key.
  public var id: OrderID
  /// Where it rests.
  public var state: OrderState
  /// What it says once.
  public var header: OrderHeader
  /// Its lines; line number n is the one at index n − 1.
  public var lines: [OrderLine]
  /// What it comes to; zero until it is priced.
  public var totals: OrderTotals
  /// The account that it draws on.
  public var creditAccount: CreditAccountID
  /// What is booked on the account for it as unshipped.
  public var booked: Micros
  /// Greatest total that a reviewer has approved; 0 when none has.
  public var approvedCeiling: Micros
  /// Hash of the content that a reviewer approves; empty for a draft.
  public var contentHash: [UInt8]
  /// Hash of products and quantities, by which equal orders are found; empty for a draft.
  public var linesHash: [UInt8]
  /// Flags that somebody must clear.
  public var holds: [OrderHold]
  /// Rule set of the last decision; 0 for the built-in one, or before the first decision.
  public var ruleSetVersion: Int64
  /// Verdicts of the last decision other than PASS.
  public var verdicts: [Verdict]
  /// Who made it.
  public var createdBy: PrincipalID
  /// Who submitted it; nil for a draft.
  public var submittedBy: PrincipalID?
  /// When it was made.
  public var createTime: InstantMicros
  /// When it last changed.
  public var updateTime: InstantMicros
  /// When it was last submitted; nil for a draft.
  public var submitTime: InstantMicros?
  /// When the reservations of an order in review lapse.
  public var reviewExpireTime: InstantMicros?
  /// Counts its changes, from 1; what its etag is made of.
  public var version: Int64
  /// Entries on its timeline.
  public var timelineCount: Int64
  /// The entry of its timeline that holds its last decision, the one of `verdicts`; 0 before the first.
  public var decisionSequence: Int64

  /// An order as a store holds it.
  public init(
    id: OrderID, state: OrderState, header: OrderHeader, lines: [OrderLine], totals: OrderTotals,
    creditAccount: CreditAccountID, booked: Micros, approvedCeiling: Micros, contentHash: [UInt8], linesHash: [UInt8],
    holds: [OrderHold], ruleSetVersion: Int64, verdicts: [Verdict], createdBy: PrincipalID, submittedBy: PrincipalID?,
    createTime: InstantMicros, updateTime: InstantMicros, submitTime: InstantMicros?,
    reviewExpireTime: InstantMicros?, version: Int64, timelineCount: Int64, decisionSequence: Int64 = 0
  ) {
    self.id = id
    self.state = state
    self.header = header
    self.lines = lines
    self.totals = totals
    self.creditAccount = creditAccount
    self.booked = booked
    self.approvedCeiling = approvedCeiling
    self.contentHash = contentHash
    self.linesHash = linesHash
    self.holds = holds
    self.ruleSetVersion = ruleSetVersion
    self.verdicts = verdicts
    self.createdBy = createdBy
    self.submittedBy = submittedBy
    self.createTime = createTime
    self.updateTime = updateTime
    self.submitTime = submitTime
    self.reviewExpireTime = reviewExpireTime
    self.version = version
    self.timelineCount = timelineCount
    self.decisionSequence = decisionSequence
  }

  /// Nothing of it has shipped.
  public var nothingHasShipped: Bool {
    lines.allSatisfy { $0.quantities.shipped.isZero }
  }

  /// What lines ask for, in their order.
  public var requests: [LineRequest] { lines.map(\.request) }
}
