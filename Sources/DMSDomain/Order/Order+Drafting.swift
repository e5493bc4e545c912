extension Order {
  /// A draft as it is first stored. Nothing is judged, reserved or booked.
  ///
  /// Throws every field that is wrong.
  public static func draft(
    id: OrderID, header: OrderHeader, lines: [LineRequest], creditAccount: CreditAccountID, by author: PrincipalID,
    now: InstantMicros
  ) throws(OrderError) -> OrderChange {
    var change = OrderChange(
      order: try unstored(
        id: id, header: header, lines: lines, creditAccount: creditAccount, by: author, now: now))
    change.order.version = 1
    try change.note(.created, from: nil, by: author, at: now)
    return change
  }

  /// A draft with other content. The dealer cannot change.
  ///
  /// Throws `wrongState` unless it is a draft, and every field that is wrong.
  public func updating(
    header: OrderHeader, lines: [LineRequest], by author: PrincipalID, now: InstantMicros
  ) throws(OrderError) -> OrderChange {
    try require(.update)
    guard header.dealer == self.header.dealer else {
      throw .fields(FieldViolations([FieldViolation("dealer_id", .immutable)]))
    }
    let orderLines = try Self.openLines(lines, under: header)
    var change = try OrderChange(changing: self, now: now)
    change.order.header = header
    change.order.lines = orderLines
    change.order.totals = .zero
    try change.note(.updated, from: state, by: author, at: now)
    return change
  }

  /// A draft that has not been stored: version and timeline are still at 0.
  static func unstored(
    id: OrderID, header: OrderHeader, lines: [LineRequest], creditAccount: CreditAccountID, by author: PrincipalID,
    now: InstantMicros
  ) throws(OrderError) -> Order {
    Order(
      id: id, state: .draft, header: header, lines: try openLines(lines, under: header), totals: .zero,
      creditAccount: creditAccount, booked: 0, approvedCeiling: 0, contentHash: [], linesHash: [], holds: [],
      ruleSetVersion: 0, verdicts: [], createdBy: author, submittedBy: nil, createTime: now, updateTime: now,
      submitTime: nil, reviewExpireTime: nil, version: 0, timelineCount: 0)
  }

  private static func openLines(
    _ requests: [LineRequest], under header: OrderHeader
  ) throws(OrderError) -> [OrderLine] {
    do {
      try LineRequest.validate(requests, under: header)
    } catch {
      throw .fields(error)
    }
    var lines: [OrderLine] = []
    lines.reserveCapacity(requests.count)
    for (index, request) in requests.enumerated() {
      do {
        lines.append(OrderLine(request: request, quantities: try LineQuantities(ordered: request.ordered)))
      } catch {
        throw .fields(FieldViolations([FieldViolation("lines[\(index)].quantity", .outOfRange(min: 1, max: .max))]))
      }
    }
    return lines
  }
}
