import DMSClient
import RPC
import Synchronization

/// What every part of a load shares.
final class Load: Sendable {
  let journal: Journal
  let findings: Findings
  let seed: UInt64
  /// Clients by server.
  private let clients: [[DMSClient]]
  private let reviewers: [[DMSClient]]
  private let auditors: [[DMSClient]]
  private let isOver = Mutex(false)
  private let failures = Mutex<[String: Int]>([:])
  /// Parts that have come to their end.
  let ended = Milestones()

  init(
    clients: [[DMSClient]], reviewers: [[DMSClient]], auditors: [[DMSClient]], seed: UInt64, findings: Findings
  ) {
    self.auditors = auditors
    self.clients = clients
    self.reviewers = reviewers
    self.seed = seed
    self.findings = findings
    journal = Journal(findings: findings)
  }

  /// Whether every part should end once what it has begun is acknowledged.
  var isStopping: Bool { isOver.withLock { $0 } }

  func stop() {
    isOver.withLock { $0 = true }
    journal.writes.finish()
  }

  /// Failures that callers have seen and met with another try, by kind.
  var failuresSeen: [String: Int] { failures.withLock { $0 } }

  func close() async {
    for client in (clients + reviewers + auditors).joined() { await client.close() }
  }

  /// A client of any of the servers.
  func client(_ random: inout SeededGenerator) -> DMSClient {
    Self.any(of: clients, &random)
  }

  /// A client of any of the servers that waits for it to be there.
  func auditor(_ random: inout SeededGenerator) -> DMSClient {
    Self.any(of: auditors, &random)
  }

  private static func any(of clients: [[DMSClient]], _ random: inout SeededGenerator) -> DMSClient {
    let server = Int.random(in: 0..<clients.count, using: &random)
    return clients[server][Int.random(in: 0..<clients[server].count, using: &random)]
  }

  /// Makes a call until a server answers it: every failure that passes is met with another try, at any of the servers.
  func settle<Reply>(
    asReviewer: Bool = false, _ random: inout SeededGenerator,
    _ call: (DMSClient) async throws(DMSError) -> Reply
  ) async throws -> Reply {
    let began = ContinuousClock.now
    while true {
      do {
        return try await call(Self.any(of: asReviewer ? reviewers : clients, &random))
      } catch {
        guard error.isTransient, ContinuousClock.now - began < .seconds(60) else { throw error }
        failures.withLock { $0["\(error.code) \(error.reasonName)", default: 0] += 1 }
        try Task.checkCancellation()
      }
    }
  }
}

/// One caller: places orders, drafts, submits, has them reviewed, cancels, adjusts stock, and now and then sends again
/// what was acknowledged.
struct LoadWorker {
  private struct Mine {
    var tag: String
    var orderID: String
    var etag: String
    var state: OrderState
  }

  private let number: Int
  private let load: Load
  private var random: SeededGenerator
  private var mine: [Mine] = []
  private var count = 0

  init(_ number: Int, _ load: Load) {
    self.number = number
    self.load = load
    random = SeededGenerator(seed: load.seed &+ UInt64(number) &* 0x9E37_79B9)
  }

  /// Works until the load is to stop.
  mutating func run() async throws {
    while !load.isStopping {
      count += 1
      let tag = "w\(number)-\(count)"
      load.journal.tries(tag)
      switch Int.random(in: 0..<100, using: &random) {
      case ..<50: try await place(tag)
      case ..<58: try await draft(tag)
      case ..<85:
        if let index = mine.indices.randomElement(using: &random) {
          try await advance(mine.remove(at: index))
        } else {
          try await place(tag)
        }
      default: try await adjust(tag)
      }
    }
    load.ended.add()
  }

  // MARK: Writes

  private mutating func place(_ tag: String) async throws {
    let request = PlaceOrderRequest.with {
      $0.requestID = RequestID().text
      $0.order = content(tag)
    }
    let order = try await load.settle(&random) { client throws(DMSError) in
      try await client.orders.placeOrder(request).order
    }
    guard let order else { return load.findings.wrong("\(tag) was answered without an order") }
    took(order, tag)
    load.journal.keep(request, order)
    if Int.random(in: 0..<6, using: &random) == 0 {
      let again = try await load.settle(&random) { client throws(DMSError) in
        try await client.orders.placeOrder(request).order
      }
      load.journal.repeated(.init(request: request, reply: order), again)
    }
  }

  private mutating func draft(_ tag: String) async throws {
    let request = CreateOrderRequest.with {
      $0.requestID = RequestID().text
      $0.order = content(tag)
    }
    let order = try await load.settle(&random) { client throws(DMSError) in
      try await client.orders.createOrder(request).order
    }
    guard let order else { return load.findings.wrong("\(tag) was answered without an order") }
    took(order, tag)
  }

  /// Does what an order's state allows.
  private mutating func advance(_ order: Mine) async throws {
    let id = RequestID().text
    let answer: Order?
    switch order.state {
    case .draft:
      answer = try await load.settle(&random) { client throws(DMSError) in
        try await client.orders.submitOrder(
          .with {
            $0.requestID = id
            $0.orderID = order.orderID
          }
        ).order
      }
    case .inReview:
      let decisions: [ReviewDecision] = [.approve, .approve, .reject, .return]
      let decision = decisions[Int.random(in: 0..<decisions.count, using: &random)]
      answer = try await load.settle(asReviewer: true, &random) { client throws(DMSError) in
        try await client.orders.reviewOrder(
          .with {
            $0.requestID = id
            $0.orderID = order.orderID
            $0.etag = order.etag
            $0.decision = decision
            $0.comment = "Reviewed"
          }
        ).order
      }
    case .approved:
      answer = try await load.settle(&random) { client throws(DMSError) in
        try await client.orders.cancelOrder(
          .with {
            $0.requestID = id
            $0.orderID = order.orderID
          }
        ).order
      }
    default: return
    }
    guard let answer else { return load.findings.wrong("\(order.tag) was answered without an order") }
    took(answer, order.tag)
  }

  private mutating func adjust(_ tag: String) async throws {
    let sku = Bool.random(using: &random) ? CrashWorld.scarce : CrashWorld.plenty[count % CrashWorld.plenty.count]
    let request = AdjustStockRequest.with {
      $0.requestID = RequestID().text
      $0.location = .with { $0.locationID = CrashWorld.warehouse }
      $0.kind = .receipt
      $0.note = tag
      $0.lines = [
        .with {
          $0.sku = sku
          $0.quantity = Int64.random(in: 1...4, using: &random)
        }
      ]
    }
    let reply = try await load.settle(&random) { client throws(DMSError) in
      try await client.inventory.adjustStock(request)
    }
    load.journal.adjusted(tag, revision: reply.revision)
  }

  private mutating func took(_ order: Order, _ tag: String) {
    load.journal.acknowledged(order, tag: tag)
    switch order.state {
    case .draft, .inReview, .approved:
      mine.append(Mine(tag: tag, orderID: order.orderID, etag: order.etag, state: order.state))
      if mine.count > 40 { mine.removeFirst() }
    default: break
    }
  }

  /// An order: mostly of what there is plenty of, some of it to be reviewed, some that waits for what is scarce. Every
  /// other one carries a reference of the dealer's, which the rules would not let through twice; the others rest on
  /// the request id alone.
  private mutating func content(_ tag: String) -> OrderDraft {
    let kind = Int.random(in: 0..<10, using: &random)
    let first = Int.random(in: 0..<CrashWorld.plenty.count, using: &random)
    let lineCount = Int.random(in: 1...3, using: &random)
    let quantities = (0..<lineCount).map { _ in Int64.random(in: 1...5, using: &random) }
    let dealer = kind < 3 ? CrashWorld.reviewed : CrashWorld.dealers[number % CrashWorld.dealers.count]
    return .with {
      $0.dealerID = dealer
      $0.note = tag
      $0.customerReference = count.isMultiple(of: 2) ? tag : ""
      $0.shipPolicy = kind == 9 ? .partial : .reject
      $0.lines = quantities.enumerated().map { place, quantity in
        .with {
          $0.sku =
            kind == 9 && place == 0
            ? CrashWorld.scarce : CrashWorld.plenty[(first + place) % CrashWorld.plenty.count]
          $0.quantity = quantity
        }
      }
    }
  }
}
