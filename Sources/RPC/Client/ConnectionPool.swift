/// Decides which connection carries a call, and when to open another; it opens nothing itself.
///
/// Calls share one connection until its streams run out, then a second is opened, up to a limit.
/// Connections are made on demand, one attempt at a time, with a growing wait after failures.
package struct ConnectionPool: Sendable {
  /// Names a connection for as long as the pool lives.
  package typealias ID = Int

  /// Where a call goes.
  package enum Placement: Sendable, Hashable {
    /// Open a stream on this connection; the pool has counted it.
    case connection(ID)
    /// Keep the call until room is announced; when `dial` is set, open that connection now.
    case wait(dial: ID?)
    /// Fail the call: the last attempt to connect failed and the next is not due yet.
    case failFast
    /// Fail the call: the pool is closed.
    case closed
  }

  /// What follows the loss of a connection or a failed attempt.
  package struct Loss: Sendable, Hashable {
    /// Call `retryDue` after this wait; nil when a wait is already running or none is needed.
    package var backOff: Duration?
    /// Fail the waiting calls that do not wait for readiness.
    package var failsWaiting: Bool
  }

  private struct Slot {
    enum Phase { case connecting, ready, draining }
    let id: ID
    var phase = Phase.connecting
    var open = 0
    var limit = 0
    /// The peer answered a call on it.
    var isProven = false
  }

  private let maxConnections: Int
  private let backoff: BackoffPolicy
  private var slots: [Slot] = []
  private var nextID = 0
  private var failures = 0
  private var isBackingOff = false
  private var lastDialFailed = false
  private var isClosed = false
  private var generator: SeededGenerator

  /// An empty pool of at most `maxConnections` connections (draining ones not counted).
  package init(maxConnections: Int, backoff: BackoffPolicy, seed: UInt64) {
    self.maxConnections = max(maxConnections, 1)
    self.backoff = backoff
    generator = SeededGenerator(seed: seed)
  }

  /// Finds a place for a call.
  package mutating func place(waitsForReady: Bool) -> Placement {
    if isClosed { return .closed }
    for index in slots.indices where slots[index].phase == .ready && slots[index].open < slots[index].limit {
      slots[index].open += 1
      return .connection(slots[index].id)
    }
    if let id = dialIfUseful() { return .wait(dial: id) }
    if isFailing && !waitsForReady { return .failFast }
    return .wait(dial: nil)
  }

  /// The connection can carry calls, `limit` at once.
  package mutating func connected(_ id: ID, limit: Int) {
    update(id) { slot in
      slot.phase = .ready
      slot.limit = limit
    }
    lastDialFailed = false
  }

  /// The peer changed how many calls it takes at once.
  package mutating func limitChanged(_ id: ID, to limit: Int) {
    update(id) { $0.limit = limit }
  }

  /// The peer answered a call: the connection works, and the wait before the next attempt starts small again.
  package mutating func proven(_ id: ID) {
    update(id) { $0.isProven = true }
    failures = 0
  }

  /// A call on the connection ended. True when the connection was draining and is now empty: close it.
  package mutating func streamEnded(on id: ID) -> Bool {
    var isDrained = false
    update(id) { slot in
      slot.open -= 1
      isDrained = slot.phase == .draining && slot.open == 0
    }
    return isDrained
  }

  /// The connection takes no new calls. True when none is open on it: close it.
  package mutating func draining(_ id: ID) -> Bool {
    var isDrained = false
    update(id) { slot in
      slot.phase = .draining
      isDrained = slot.open == 0
    }
    return isDrained
  }

  /// An attempt to connect failed.
  package mutating func dialFailed(_ id: ID) -> Loss {
    slots.removeAll { $0.id == id }
    lastDialFailed = true
    return Loss(backOff: startBackoff(), failsWaiting: isFailing)
  }

  /// A connection that was ready is gone, with all its calls.
  package mutating func lost(_ id: ID) -> Loss {
    let wasProven = slots.first { $0.id == id }?.isProven ?? true
    slots.removeAll { $0.id == id }
    // A server that accepts and hangs up must not be dialled in a tight loop.
    return Loss(backOff: wasProven ? nil : startBackoff(), failsWaiting: false)
  }

  /// The wait is over.
  package mutating func retryDue() {
    isBackingOff = false
  }

  /// Calls are waiting: a connection to open now, if one is wanted and allowed.
  package mutating func dialIfUseful() -> ID? {
    guard !isClosed, !isBackingOff else { return nil }
    var alive = 0
    for slot in slots {
      if slot.phase == .connecting { return nil }
      if slot.phase == .ready { alive += 1 }
    }
    guard alive < maxConnections else { return nil }
    let id = nextID
    nextID += 1
    slots.append(Slot(id: id))
    return id
  }

  /// Takes no further call.
  package mutating func close() {
    isClosed = true
  }

  /// Nothing is connected and the last attempt failed.
  private var isFailing: Bool {
    lastDialFailed && !slots.contains { $0.phase == .ready }
  }

  private mutating func startBackoff() -> Duration? {
    failures += 1
    guard !isBackingOff, !isClosed else { return nil }
    isBackingOff = true
    return backoff.delay(afterFailures: failures, using: &generator)
  }

  private mutating func update(_ id: ID, _ change: (inout Slot) -> Void) {
    guard let index = slots.firstIndex(where: { $0.id == id }) else { return }
    change(&slots[index])
  }
}
