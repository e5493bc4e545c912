import DMSClient
import Synchronization

/// Everything that a server has acknowledged, as the callers wrote it down.
final class Journal: Sendable {
  /// An order as its last acknowledged write left it.
  struct KnownOrder: Sendable {
    let tag: String
    let orderID: String
    let totalMicros: Int64
    var version: Int64
    var state: OrderState
    var revision: Int64
  }

  /// An acknowledged write that can be sent again.
  struct Repeatable: Sendable {
    let request: PlaceOrderRequest
    let reply: Order
  }

  /// What was known at one moment.
  struct Snapshot: Sendable {
    var orders: [String: KnownOrder] = [:]
    /// Tags that some write has been tried with.
    var tried: Set<String> = []
    /// Stock adjustments by tag, with the revision of the reply.
    var adjustments: [String: Int64] = [:]
    /// Everything up to here of the stock stream was acknowledged.
    var feedSequence: Int64 = 0
    var repeatables: [Repeatable] = []
  }

  private let state = Mutex(Snapshot())
  /// Acknowledged writes.
  let writes = Milestones()
  /// Acknowledged writes that were sent again and answered alike.
  let repeats = Milestones()
  private let findings: Findings

  init(findings: Findings) {
    self.findings = findings
  }

  var snapshot: Snapshot { state.withLock { $0 } }

  /// Notes that a write is about to be tried for the first time.
  func tries(_ tag: String) {
    state.withLock { _ = $0.tried.insert(tag) }
  }

  /// Notes an order that a write has returned.
  func acknowledged(_ order: Order, tag: String) {
    guard let version = order.version else { return findings.wrong("\(order.orderID) has the etag «\(order.etag)»") }
    let known = KnownOrder(
      tag: tag, orderID: order.orderID, totalMicros: order.totalMicros, version: version, state: order.state,
      revision: order.revision)
    state.withLock { state in
      if let before = state.orders[order.orderID], before.version >= version { return }
      state.orders[order.orderID] = known
    }
    writes.add()
  }

  /// Keeps an acknowledged placement to be sent again later: the newest few hundred.
  func keep(_ request: PlaceOrderRequest, _ reply: Order) {
    state.withLock { state in
      if state.repeatables.count < 256 {
        state.repeatables.append(Repeatable(request: request, reply: reply))
      } else {
        state.repeatables[Int(reply.revision) % 256] = Repeatable(request: request, reply: reply)
      }
    }
  }

  /// Notes that a placement was sent again, and what came back.
  func repeated(_ first: Repeatable, _ reply: Order?) {
    if reply != first.reply {
      findings.doubled(
        "a repeat of \(first.reply.note) was answered with \(reply?.orderID ?? "nothing") instead of the first reply")
    }
    repeats.add()
  }

  /// Notes a stock adjustment.
  func adjusted(_ tag: String, revision: Int64) {
    state.withLock { $0.adjustments[tag] = revision }
    writes.add()
  }

  /// Notes that the stock stream is durable up to `sequence`.
  func streamed(through sequence: Int64) {
    let added = state.withLock { state in
      defer { state.feedSequence = max(state.feedSequence, sequence) }
      return sequence - state.feedSequence
    }
    if added > 0 { writes.add(added) }
  }
}

extension Order {
  /// The order's version, which its etag writes in base 36 behind a letter.
  var version: Int64? {
    etag.hasPrefix("v") ? Int64(etag.dropFirst(), radix: 36) : nil
  }
}

/// What was found to be wrong.
final class Findings: Sendable {
  private struct State {
    var lost = 0
    var doubled = 0
    var texts: [String] = []

    mutating func note(_ text: String) {
      if texts.count < 50 { texts.append(text) }
    }
  }

  private let state = Mutex(State())

  var lostCount: Int { state.withLock { $0.lost } }
  var doubledCount: Int { state.withLock { $0.doubled } }
  /// The first fifty, as sentences.
  var texts: [String] { state.withLock { $0.texts } }

  /// Something acknowledged is not there.
  func lost(_ text: String) {
    state.withLock { state in
      state.lost += 1
      state.note("lost: " + text)
    }
  }

  /// Something is there twice.
  func doubled(_ text: String) {
    state.withLock { state in
      state.doubled += 1
      state.note("doubled: " + text)
    }
  }

  /// Something is otherwise than promised.
  func wrong(_ text: String) {
    state.withLock { $0.note(text) }
  }
}
