/// What a timeline entry tells of. Raw values are those of the store and the wire; they are kept for ever.
public enum TimelineKind: Int, Hashable, Sendable, CaseIterable {
  /// The draft was made.
  case created = 1
  /// The draft was changed.
  case updated = 2
  /// The order was submitted and judged.
  case submitted = 3
  /// A submission or an approval was blocked by a rule.
  case blocked = 4
  /// A reviewer approved.
  case approved = 5
  /// A reviewer rejected.
  case rejected = 6
  /// A reviewer returned the order to its author.
  case returned = 7
  /// The order was cancelled.
  case cancelled = 8
  /// Reservations were withdrawn because stock was lost.
  case reservationWithdrawn = 9
  /// A back-order was filled.
  case backOrderFilled = 10
  /// Reservations lapsed because the review took too long.
  case reservationExpired = 11
}

/// An entry on an order's timeline, kept for ever.
public struct TimelineEntry: Hashable, Sendable {
  /// From 1, without gaps in one order.
  public var sequence: Int64
  /// What was done.
  public var kind: TimelineKind
  /// State before; nil when the order did not exist.
  public var from: OrderState?
  /// State after.
  public var to: OrderState
  /// Who did it.
  public var actor: PrincipalID
  /// A remark of the actor.
  public var comment: String
  /// When.
  public var time: InstantMicros
  /// The decision that was taken, if one was.
  public var decision: Decision?

  /// An entry.
  public init(
    sequence: Int64, kind: TimelineKind, from: OrderState?, to: OrderState, actor: PrincipalID, comment: String = "",
    time: InstantMicros, decision: Decision? = nil
  ) {
    self.sequence = sequence
    self.kind = kind
    self.from = from
    self.to = to
    self.actor = actor
    self.comment = comment
    self.time = time
    self.decision = decision
  }
}

/// A change of what is reserved for a line at a warehouse.
public struct ReservationChange: Hashable, Sendable {
  /// The line, from 1.
  public var line: Int32
  /// The product.
  public var sku: SKU
  /// The warehouse.
  public var warehouse: WarehouseID
  /// Above zero what is reserved, below zero what is released; never 0.
  public var change: Quantity

  /// A change of a reservation.
  public init(line: Int32, sku: SKU, warehouse: WarehouseID, change: Quantity) {
    self.line = line
    self.sku = sku
    self.warehouse = warehouse
    self.change = change
  }
}

/// An order as it becomes, and what must be written beside it in the same commit.
public struct OrderChange: Hashable, Sendable {
  /// The order after the change.
  public var order: Order
  /// What changes at the warehouses.
  public var reservations: [ReservationChange] = []
  /// What changes on the credit account.
  public var credit: [CreditPosting] = []
  /// What the timeline gains.
  public var timeline: [TimelineEntry] = []
}

/// What came of a submission or an approval.
public enum JudgedChange: Hashable, Sendable {
  /// The order went on; its last timeline entry holds the decision.
  case accepted(OrderChange)
  /// A rule blocked it. The order stays as it is but for one more entry on its timeline, which holds the decision.
  case blocked(OrderChange, Decision)
}

/// Why an order cannot change in this way.
public enum OrderError: Error, Hashable, Sendable {
  /// The order's state does not allow the action.
  case wrongState(OrderID, OrderAction, state: OrderState, allowed: [OrderState])
  /// Something of it has shipped.
  case hasShipped(OrderID)
  /// Fields are wrong.
  case fields(FieldViolations)
  /// The submitter of an order may not review it.
  case reviewerIsSubmitter(OrderID)
  /// The reviewer may not give these reviews.
  case reviewNotAllowed(OrderID, missing: [ReviewRequirement])
  /// The content is not what the reviewer has read.
  case contentChanged(OrderID)
  /// Rejecting and returning need a comment.
  case commentRequired(OrderAction)
  /// The lines do not allow it.
  case line(OrderID, line: Int32, LineError)
  /// An amount, quantity or counter does not fit into 64 bits.
  case overflow(OrderID)
}

extension OrderChange {
  /// Begins a change that leaves the order as it is, but for its version and the time.
  init(changing order: Order, now: InstantMicros) throws(OrderError) {
    self.init(order: order)
    self.order.version = try Self.next(order.version, of: order)
    self.order.updateTime = now
  }

  /// Adds an entry to the timeline, from the state before to the state that the order has by now.
  mutating func note(
    _ kind: TimelineKind, from state: OrderState?, by actor: PrincipalID, comment: String = "", at time: InstantMicros,
    decision: Decision? = nil
  ) throws(OrderError) {
    order.timelineCount = try Self.next(order.timelineCount, of: order)
    if decision != nil, kind != .blocked { order.decisionSequence = order.timelineCount }
    timeline.append(
      TimelineEntry(
        sequence: order.timelineCount, kind: kind, from: state, to: order.state, actor: actor, comment: comment,
        time: time, decision: decision))
  }

  /// Gives back every reservation and stops waiting for stock; what is open stays open.
  mutating func releaseStock() {
    for index in order.lines.indices {
      for reservation in order.lines[index].reservations {
        // A reservation is at least 1, so its sign can be turned.
        reservations.append(
          ReservationChange(
            line: Int32(index + 1), sku: order.lines[index].request.sku, warehouse: reservation.warehouse,
            change: Quantity(-reservation.quantity.value)))
      }
      order.lines[index].reservations = []
      order.lines[index].quantities.release()
    }
  }

  /// Gives back what is booked on the credit account.
  mutating func releaseCredit() {
    guard order.booked.isPositive else { return }
    credit.append(
      CreditPosting(
        account: order.creditAccount, kind: .orderReleased, bucket: .unshipped, amount: Micros(-order.booked.value),
        order: order.id))
    order.booked = 0
  }

  /// Cancels what is open on every line.
  mutating func cancelOpenLines() throws(OrderError) {
    for index in order.lines.indices {
      do {
        try order.lines[index].quantities.cancelOpen()
      } catch {
        throw .line(order.id, line: Int32(index + 1), error)
      }
    }
  }

  /// Reserves what an allocation gives to lines whose open quantity is not assigned, and lets the rest wait.
  mutating func take(_ allocation: Allocation) throws(OrderError) {
    for part in allocation.lines {
      let index = Int(part.line) - 1
      guard order.lines.indices.contains(index) else {
        throw .line(order.id, line: part.line, .inconsistent)
      }
      do {
        for reservation in part.reservations {
          try order.lines[index].reserve(reservation)
          reservations.append(
            ReservationChange(
              line: part.line, sku: part.sku, warehouse: reservation.warehouse, change: reservation.quantity))
        }
        if part.backOrdered.isPositive { try order.lines[index].quantities.backOrder(part.backOrdered) }
      } catch {
        throw .line(order.id, line: part.line, error)
      }
    }
  }

  private static func next(_ counter: Int64, of order: Order) throws(OrderError) -> Int64 {
    let (next, overflow) = counter.addingReportingOverflow(1)
    guard !overflow else { throw .overflow(order.id) }
    return next
  }
}

extension OrderLine {
  /// Reserves a part that is not assigned at a warehouse.
  mutating func reserve(_ reservation: Reservation) throws(LineError) {
    try quantities.reserve(reservation.quantity)
    if let place = reservations.firstIndex(where: { $0.warehouse == reservation.warehouse }) {
      // Both are parts of what is reserved, which has just been found to fit.
      reservations[place].quantity = Quantity(reservations[place].quantity.value + reservation.quantity.value)
    } else {
      reservations.append(reservation)
    }
  }
}

extension Order {
  /// Throws unless the state allows the action.
  func require(_ action: OrderAction) throws(OrderError) {
    guard action.allowedStates.contains(state) else {
      throw .wrongState(id, action, state: state, allowed: action.allowedStates)
    }
  }
}
