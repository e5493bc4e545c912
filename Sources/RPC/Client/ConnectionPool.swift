/// Decides which connection carries a call, and when to open or close one; it opens and closes nothing itself.
///
/// It keeps connections to *backends*. Picking the first, there is one backend, whose addresses are tried in order
/// whenever a call needs a connection; going round, there is one for each address, each is connected while the client
/// is in use, and calls are dealt over those that are ready. When all streams are taken, a backend gets a further
/// connection, up to a limit. After a failure each backend waits for itself, longer each time.
package struct ConnectionPool: Sendable {
  /// Names a connection for as long as the pool lives.
  package typealias ID = Int
  /// Names a backend for as long as the pool lives.
  package typealias BackendID = Int

  /// Where a call goes.
  package enum Placement: Sendable, Hashable {
    /// Open a stream on this connection; the pool has counted it.
    case connection(ID)
    /// Keep the call until there is room, and ask for the connections that are wanted.
    case wait
    /// Fail the call: nothing can be connected to, and the next attempt is not due yet.
    case failFast
    /// Fail the call: the pool is closed.
    case closed
  }

  /// A connection to open: the first of these endpoints that answers.
  package struct Wanted: Sendable, Hashable {
    package var id: ID
    package var endpoints: [Endpoint]
  }

  /// Call `retryDue` for this backend after this time.
  package struct Wait: Sendable, Hashable {
    package var backend: BackendID
    package var time: Duration
  }

  /// What follows the loss of a connection or a failed attempt.
  package struct Loss: Sendable, Hashable {
    /// Nil when a wait is already running or none is needed.
    package var wait: Wait?
    /// Fail the waiting calls that do not wait for readiness.
    package var failsWaiting: Bool
  }

  /// What follows when a connection takes no new calls.
  package struct Drain: Sendable, Hashable {
    /// No call is open on it: close it.
    package var isEmpty: Bool
    package var wait: Wait?
  }

  struct Slot {
    let id: ID
    var isReady = false
    var open = 0
    var limit = 0
    var endpoint: Endpoint?
    /// The peer answered a call on it.
    var isProven = false
    var wasUsed = false
    var idleTurns = 0
  }

  struct Backend {
    let id: BackendID
    var endpoints: [Endpoint]
    /// Connections that are ready, or being made.
    var slots: [Slot] = []
    var failures = 0
    var isWaiting = false
    var isUnreachable = false
  }

  private let policy: LoadBalancing
  private let connectionsMax: Int
  private let backoff: BackoffPolicy
  var backends: [Backend] = []
  /// Connections that take no new calls: how many are open on each.
  var leaving: [ID: Int] = [:]
  /// How often in a row a sweep found nothing in use.
  var idleTurns = 0
  /// A backend that should have a connection has none.
  package var isIncomplete = false
  private var turn = 0
  private var lastID = -1
  private var lastBackendID = -1
  private var isLookUpFailing = false
  private var isClosed = false
  private var generator: SeededGenerator

  /// A pool without addresses, of at most `connectionsMax` connections to each backend (leaving ones not counted).
  package init(policy: LoadBalancing, connectionsMax: Int, backoff: BackoffPolicy, seed: UInt64) {
    self.policy = policy
    self.connectionsMax = max(connectionsMax, 1)
    self.backoff = backoff
    generator = SeededGenerator(seed: seed)
  }

  // MARK: Calls

  /// Finds a place for a call.
  package mutating func place(waitsForReady: Bool) -> Placement {
    if isClosed { return .closed }
    idleTurns = 0
    for step in backends.indices {
      var index = turn + step
      if index >= backends.count { index -= backends.count }
      for slot in backends[index].slots.indices {
        guard backends[index].slots[slot].isReady,
          backends[index].slots[slot].open < backends[index].slots[slot].limit
        else { continue }
        backends[index].slots[slot].open += 1
        backends[index].slots[slot].wasUsed = true
        if policy == .roundRobin { turn = index + 1 < backends.count ? index + 1 : 0 }
        return .connection(backends[index].slots[slot].id)
      }
    }
    return isFailing && !waitsForReady && !backends.contains(where: \.isFree) ? .failFast : .wait
  }

  /// A call on the connection ended. True when the connection was leaving and is now empty: close it.
  package mutating func streamEnded(on id: ID) -> Bool {
    if let (backend, slot) = find(id) {
      backends[backend].slots[slot].open -= 1
      return false
    }
    guard let open = leaving[id] else { return false }
    leaving[id] = open - 1
    return open == 1
  }

  // MARK: Connections

  /// The next connection to open; ask until there is none. `hasWaiting` says that calls wait for room.
  package mutating func nextWanted(hasWaiting: Bool) -> Wanted? {
    guard !isClosed, hasWaiting || (policy == .roundRobin && idleTurns == 0) else {
      isIncomplete = policy == .roundRobin
      return nil
    }
    if let index = backends.firstIndex(where: \.isFree) {
      return open(index, backends[index].endpoints)
    }
    isIncomplete = false
    guard hasWaiting else { return nil }
    var best: Int?
    for (index, backend) in backends.enumerated()
    where !backend.isWaiting && backend.slots.count < connectionsMax && !backend.slots.isEmpty
      && backend.slots.allSatisfy(\.isReady)
    {
      if let best, backends[best].slots.count <= backend.slots.count { continue }
      best = index
    }
    guard let best, let endpoint = backends[best].slots[0].endpoint else { return nil }
    return open(best, [endpoint])
  }

  /// The connection, to `endpoint`, can carry calls, `limit` at once. False when it is not wanted any more: close it.
  package mutating func connected(_ id: ID, to endpoint: Endpoint, limit: Int) -> Bool {
    guard let (backend, slot) = find(id) else { return false }
    backends[backend].slots[slot].isReady = true
    backends[backend].slots[slot].endpoint = endpoint
    backends[backend].slots[slot].limit = limit
    backends[backend].isUnreachable = false
    return true
  }

  /// The peer changed how many calls it takes at once.
  package mutating func limitChanged(_ id: ID, to limit: Int) {
    guard let (backend, slot) = find(id) else { return }
    backends[backend].slots[slot].limit = limit
  }

  /// The peer answered a call: the connection works, and the wait before the next attempt starts small again.
  package mutating func proven(_ id: ID) {
    guard let (backend, slot) = find(id) else { return }
    backends[backend].slots[slot].isProven = true
    backends[backend].failures = 0
  }

  /// The connection takes no new calls.
  package mutating func draining(_ id: ID) -> Drain {
    if let open = leaving[id] { return Drain(isEmpty: open == 0) }
    guard let (backend, index) = find(id) else { return Drain(isEmpty: true) }
    let slot = leave(backend, index)
    // A server that greets and goes away, over and over, must not be dialled in a tight loop.
    return Drain(isEmpty: slot.open == 0, wait: slot.isProven || slot.open > 0 ? nil : startWait(backend))
  }

  /// An attempt to connect failed.
  package mutating func dialFailed(_ id: ID) -> Loss {
    guard let (backend, slot) = find(id) else { return Loss(failsWaiting: isFailing) }
    backends[backend].slots.remove(at: slot)
    if backends[backend].slots.isEmpty { backends[backend].isUnreachable = true }
    isIncomplete = true
    return Loss(wait: startWait(backend), failsWaiting: isFailing)
  }

  /// A connection that was ready is gone, with all its calls.
  package mutating func lost(_ id: ID) -> Loss {
    guard leaving.removeValue(forKey: id) == nil, let (backend, index) = find(id) else {
      return Loss(failsWaiting: false)
    }
    let slot = backends[backend].slots.remove(at: index)
    isIncomplete = true
    // A server that accepts and hangs up must not be dialled in a tight loop.
    return Loss(wait: slot.isProven ? nil : startWait(backend), failsWaiting: false)
  }

  /// A backend's wait is over.
  package mutating func retryDue(_ id: BackendID) {
    guard let index = backends.firstIndex(where: { $0.id == id }) else { return }
    backends[index].isWaiting = false
    isIncomplete = true
  }

  /// Takes no further call.
  package mutating func close() {
    isClosed = true
  }

  // MARK: Addresses

  /// The target's endpoints, at least one, each once, in the order in which they are to be tried.
  ///
  /// - Returns: connections to those that are gone: abandon what is being made, drain what is ready.
  package mutating func resolved(_ endpoints: [Endpoint]) -> [ID] {
    isLookUpFailing = false
    isIncomplete = true
    switch policy {
    case .pickFirst: return pickFrom(endpoints)
    case .roundRobin: return goRound(endpoints)
    }
  }

  /// No address could be found. True when the waiting calls fail that do not wait for readiness.
  package mutating func lookUpFailed() -> Bool {
    isLookUpFailing = true
    return isFailing
  }

  /// The next look-up may begin.
  package mutating func lookUpDue() {
    isLookUpFailing = false
  }

  private mutating func pickFrom(_ endpoints: [Endpoint]) -> [ID] {
    guard let backend = backends.first else {
      lastBackendID += 1
      backends = [Backend(id: lastBackendID, endpoints: endpoints)]
      return []
    }
    backends[0].endpoints = endpoints
    guard Set(backend.endpoints) != Set(endpoints) else { return [] }
    // What failed or is held up may be an address that is gone: all begins anew with those that are known now.
    backends[0].isWaiting = false
    backends[0].isUnreachable = false
    backends[0].failures = 0
    return leave(0) { slot in !slot.isReady || !endpoints.contains { $0 == slot.endpoint } }
  }

  private mutating func goRound(_ endpoints: [Endpoint]) -> [ID] {
    var gone: [ID] = []
    let wanted = Set(endpoints)
    for index in backends.indices where !wanted.contains(backends[index].endpoints[0]) {
      gone += leave(index) { _ in true }
    }
    backends.removeAll { !wanted.contains($0.endpoints[0]) }
    var known = Set(backends.map { $0.endpoints[0] })
    for endpoint in endpoints where known.insert(endpoint).inserted {
      lastBackendID += 1
      backends.append(Backend(id: lastBackendID, endpoints: [endpoint]))
    }
    if turn >= backends.count { turn = 0 }
    return gone
  }

  // MARK: Inside

  /// Takes the connections out of a backend that `isLeaving` names; an attempt under way is forgotten.
  mutating func leave(_ backend: Int, where isLeaving: (Slot) -> Bool) -> [ID] {
    var ids: [ID] = []
    for index in backends[backend].slots.indices.reversed() where isLeaving(backends[backend].slots[index]) {
      let slot = leave(backend, index)
      ids.append(slot.id)
    }
    return ids
  }

  private mutating func leave(_ backend: Int, _ index: Int) -> Slot {
    let slot = backends[backend].slots.remove(at: index)
    if slot.isReady { leaving[slot.id] = slot.open }
    isIncomplete = true
    return slot
  }

  /// Nothing is connected and every last attempt failed.
  private var isFailing: Bool {
    if backends.isEmpty { return isLookUpFailing }
    return backends.allSatisfy { $0.isUnreachable && !$0.slots.contains(where: \.isReady) }
  }

  private mutating func open(_ backend: Int, _ endpoints: [Endpoint]) -> Wanted {
    lastID += 1
    backends[backend].slots.append(Slot(id: lastID))
    return Wanted(id: lastID, endpoints: endpoints)
  }

  private mutating func startWait(_ backend: Int) -> Wait? {
    backends[backend].failures += 1
    guard !backends[backend].isWaiting, !isClosed else { return nil }
    backends[backend].isWaiting = true
    return Wait(
      backend: backends[backend].id,
      time: backoff.delay(afterFailures: backends[backend].failures, using: &generator))
  }

  private func find(_ id: ID) -> (backend: Int, slot: Int)? {
    for backend in backends.indices {
      for slot in backends[backend].slots.indices where backends[backend].slots[slot].id == id {
        return (backend, slot)
      }
    }
    return nil
  }
}

extension ConnectionPool.Backend {
  /// It has no connection, and one may be opened now.
  fileprivate var isFree: Bool { slots.isEmpty && !isWaiting }
}
