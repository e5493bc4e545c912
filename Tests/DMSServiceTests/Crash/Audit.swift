import DMSClient
import RPC

/// Compares what a store holds with what was acknowledged and with what the watches told.
struct Audit {
  private let load: Load
  private let findings: Findings
  private let orders: WatchRecord<OrderEntry>
  private let stock: WatchRecord<StockEntry>
  private var random: SeededGenerator
  /// Everything up to here has been compared.
  private var audited: Int64 = 0
  /// The version of each order up to there.
  private var versions: [String: Int64] = [:]
  private var count = 0

  init(_ load: Load, orders: WatchRecord<OrderEntry>, stock: WatchRecord<StockEntry>) {
    self.load = load
    self.orders = orders
    self.stock = stock
    findings = load.findings
    random = SeededGenerator(seed: load.seed ^ 0xA0D1)
  }

  /// Looks at everything while the load goes on. What was acknowledged before it begins must be there.
  mutating func look(isLast: Bool = false) async throws {
    let known = load.journal.snapshot
    try await checkOrders(known, isLast: isLast)
    try await checkLedgers()
    try await checkStream(known)
    try await checkAdjustments(known)
    try await checkRepeats(known)
    let end = try await mark()
    try await checkWatches(known, through: end)
    if isLast { try await checkFromOldest(through: end) }
    audited = end
  }

  /// Places an order that both watches tell of, and returns its revision.
  private mutating func mark() async throws -> Int64 {
    count += 1
    let tag = "mark-\(count)"
    load.journal.tries(tag)
    let request = PlaceOrderRequest.with {
      $0.requestID = RequestID().text
      $0.order = .with {
        $0.dealerID = CrashWorld.dealers[0]
        $0.note = tag
        $0.lines = [
          .with {
            $0.sku = CrashWorld.plenty[0]
            $0.quantity = 1
          }
        ]
      }
    }
    let order = try await load.settle(&random) { client throws(DMSError) in
      try await client.orders.placeOrder(request).order
    }
    guard let order else { return audited }
    load.journal.acknowledged(order, tag: tag)
    return order.revision
  }

  // MARK: Rows

  private mutating func checkOrders(_ known: Journal.Snapshot, isLast: Bool) async throws {
    var byID: [String: Order] = [:]
    var byTag: [String: String] = [:]
    for try await order in load.auditor(&random).orders.list(orderBy: "create_time", omitLines: true, pageSize: 1_000) {
      if let other = byTag.updateValue(order.orderID, forKey: order.note) {
        findings.doubled("\(order.note) is both \(other) and \(order.orderID)")
      }
      byID[order.orderID] = order
    }
    for acknowledged in known.orders.values {
      guard let order = byID[acknowledged.orderID], let version = order.version else {
        findings.lost("\(acknowledged.tag), acknowledged as \(acknowledged.orderID)")
        continue
      }
      if order.note != acknowledged.tag {
        findings.wrong("\(order.orderID) was acknowledged for \(acknowledged.tag) and holds \(order.note)")
      }
      let isUnchanged = order.state == acknowledged.state && order.totalMicros == acknowledged.totalMicros
      if version < acknowledged.version || (version == acknowledged.version && !isUnchanged) {
        findings.lost(
          "\(acknowledged.orderID) was acknowledged \(acknowledged.state) at version \(acknowledged.version) and is "
            + "\(order.state) at \(version)")
      }
    }
    let tried = load.journal.snapshot.tried
    for tag in byTag.keys where !tried.contains(tag) { findings.wrong("nobody placed \(tag)") }
    if isLast, byID.count != known.orders.count {
      findings.doubled("\(byID.count) orders are there, \(known.orders.count) were acknowledged")
    }
  }

  private mutating func checkLedgers() async throws {
    let ledgers = try await load.settle(&random) { client throws(DMSError) in
      try await client.inventory.verifyLedgers()
    }
    if ledgers.differenceCount > 0 {
      findings.wrong("\(ledgers.differenceCount) balances differ from their ledgers: \(ledgers.differences.prefix(3))")
    }
  }

  // MARK: Stock

  /// Every event of the stream up to the last acknowledged one was applied or rejected, once, in order.
  private mutating func checkStream(_ known: Journal.Snapshot) async throws {
    var expected: Int64 = 0
    func next() -> Int64 {
      expected += 1
      if PacedEvents.isRejected(expected) { expected += 1 }
      return expected
    }
    let request = ListMovementsRequest.with {
      $0.pageSize = 1_000
      $0.dealerID = CrashWorld.reporting
    }
    for try await movement in load.auditor(&random).inventory.movements(request) {
      let sequence = movement.causeID.split(separator: "/").last.flatMap { Int64($0) } ?? 0
      let due = next()
      if sequence < due {
        findings.doubled("event \(movement.causeID) was applied again")
        expected = due - 1
      } else if sequence > due {
        findings.lost("event \(due) of the stream; \(movement.causeID) came after the one before it")
        expected = sequence
      }
    }
    // A rejected event at the very end leaves no movement.
    if expected + 1 < known.feedSequence { findings.lost("events \(expected + 1) to \(known.feedSequence)") }

    var rejected: Set<Int64> = []
    for try await event in load.auditor(&random).inventory.rejectedEvents(
      dealerID: CrashWorld.reporting, pageSize: 1_000)
    {
      if !PacedEvents.isRejected(event.sequence) { findings.wrong("event \(event.sequence) was rejected") }
      if !rejected.insert(event.sequence).inserted { findings.doubled("event \(event.sequence) was rejected twice") }
    }
    for sequence in stride(
      from: PacedEvents.rejectedEvery, through: known.feedSequence, by: Int(PacedEvents.rejectedEvery))
    where !rejected.contains(sequence) {
      findings.lost("the rejection of event \(sequence)")
    }
  }

  /// Every acknowledged adjustment is in the ledger once.
  private mutating func checkAdjustments(_ known: Journal.Snapshot) async throws {
    var found: Set<String> = []
    let request = ListMovementsRequest.with {
      $0.pageSize = 1_000
      $0.owner = .brand
    }
    for try await movement in load.auditor(&random).inventory.movements(request) where movement.cause == "adjustment" {
      if !movement.note.isEmpty, !found.insert(movement.note).inserted {
        findings.doubled("the adjustment \(movement.note)")
      }
    }
    for tag in known.adjustments.keys where !found.contains(tag) { findings.lost("the adjustment \(tag)") }
  }

  // MARK: Repeats

  /// What was acknowledged before is answered alike now, at any server.
  private mutating func checkRepeats(_ known: Journal.Snapshot) async throws {
    for _ in 0..<min(5, known.repeatables.count) {
      guard let first = known.repeatables.randomElement(using: &random) else { return }
      let again = try await load.settle(&random) { client throws(DMSError) in
        try await client.orders.placeOrder(first.request).order
      }
      load.journal.repeated(first, again)
    }
  }

  // MARK: Watches

  /// The interrupted watches saw exactly what a new watch tells, and that is everything that was acknowledged.
  private mutating func checkWatches(_ known: Journal.Snapshot, through end: Int64) async throws {
    guard try await orders.revision.reach(end, within: .seconds(30)) else {
      return findings.lost("the watch of orders is at \(orders.revision.value) and does not reach \(end)")
    }
    guard try await stock.revision.reach(end, within: .seconds(30)) else {
      return findings.lost("the watch of stock is at \(stock.revision.value) and does not reach \(end)")
    }
    let told = try await WatchRecord<OrderEntry>.read(load.auditor(&random), after: audited, through: end)
    let balances = try await WatchRecord<StockEntry>.read(load.auditor(&random), after: audited, through: end)
    compare("orders", seen: orders.entries(after: audited, through: end), told: told)
    compare("stock", seen: stock.entries(after: audited, through: end), told: balances)

    for entry in told {
      let before = versions[entry.orderID] ?? 0
      if entry.version != before + 1 {
        findings.lost("a change of \(entry.orderID): its version \(before) is followed by \(entry.version)")
      }
      versions[entry.orderID] = entry.version
    }
    for order in known.orders.values where order.revision <= end && (versions[order.orderID] ?? 0) < order.version {
      findings.lost("the log lacks version \(order.version) of \(order.orderID)")
    }
    let revisions = Set(balances.map(\.revision))
    for (tag, revision) in known.adjustments where revision > audited && revision <= end {
      if !revisions.contains(revision) { findings.lost("the log lacks the adjustment \(tag)") }
    }
  }

  /// The whole log, from its oldest revision, and the ledger beside it.
  private mutating func checkFromOldest(through end: Int64) async throws {
    let told = try await WatchRecord<OrderEntry>.read(load.auditor(&random), after: 0, through: end)
    let balances = try await WatchRecord<StockEntry>.read(load.auditor(&random), after: 0, through: end)
    compare("orders, from the oldest,", seen: orders.entries(after: 0, through: end), told: told)
    compare("stock, from the oldest,", seen: stock.entries(after: 0, through: end), told: balances)

    // The last movement of a balance in a revision leaves what the watch told of it.
    var onHand: [StockEntry.Place: Int64] = [:]
    for try await movement in load.auditor(&random).inventory.movements(.with { $0.pageSize = 1_000 })
    where movement.revision <= end {
      onHand[.init(movement)] = movement.balanceQuantity
    }
    let seen = Dictionary(balances.map { (StockEntry.Place($0), $0.onHand) }, uniquingKeysWith: { _, last in last })
    for (place, quantity) in onHand where seen[place] != quantity {
      findings.lost("the watch of stock at \(place): \(quantity), told \(seen[place].map { "\($0)" } ?? "nothing")")
    }
  }

  private func compare<Entry: WatchedEntry>(_ name: String, seen: [Entry], told: [Entry]) {
    guard seen != told else { return }
    let lacking = Set(told).subtracting(seen)
    let added = Set(seen).subtracting(told)
    if !lacking.isEmpty {
      findings.lost(
        "\(lacking.count) changes of \(name) to a resumed watch, such as \(lacking.first.map { "\($0)" } ?? "")")
    } else if !added.isEmpty {
      findings.wrong("\(added.count) changes of \(name) that a new watch does not tell")
    } else {
      findings.wrong("changes of \(name) in another order than a new watch tells them")
    }
  }
}

extension StockEntry {
  /// A balance within one revision.
  fileprivate struct Place: Hashable {
    var revision: Int64
    var dealerID: String
    var locationID: String
    var sku: String

    init(_ entry: StockEntry) {
      (revision, dealerID, locationID, sku) = (entry.revision, entry.dealerID, entry.locationID, entry.sku)
    }

    init(_ movement: StockMovement) {
      revision = movement.revision
      dealerID = movement.location?.dealerID ?? ""
      locationID = movement.location?.locationID ?? ""
      sku = movement.sku
    }
  }
}
