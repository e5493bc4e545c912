internal import Synchronization

/// The connections of a server: counts them, and tells when the last one is gone.
final class ConnectionRegistry: Sendable {
  private struct State {
    var connections: [UInt64: ServerConnection] = [:]
    var pending = 0
    var lastID: UInt64 = 0
    var isDraining = false
    var waiters: [CheckedContinuation<Void, Never>] = []

    /// Those who wait for the last connection to go, if it is gone.
    mutating func takeWaiters() -> [CheckedContinuation<Void, Never>] {
      guard connections.isEmpty, pending == 0 else { return [] }
      defer { waiters = [] }
      return waiters
    }
  }

  private let state = Mutex(State())
  private let connectionsMax: Int

  init(connectionsMax: Int) {
    self.connectionsMax = connectionsMax
  }

  /// A number for a new connection, or nil when there are too many or no new ones are wanted.
  func reserve() -> UInt64? {
    state.withLock { state in
      guard !state.isDraining, state.connections.count + state.pending < connectionsMax else { return nil }
      state.pending += 1
      state.lastID += 1
      return state.lastID
    }
  }

  /// The connection of a reserved number exists; true when it should drain at once.
  func add(_ connection: ServerConnection, id: UInt64) -> Bool {
    state.withLock { state in
      state.pending -= 1
      state.connections[id] = connection
      return state.isDraining
    }
  }

  /// The connection of this number is gone.
  func remove(_ id: UInt64) {
    let waiters = state.withLock { state in
      state.connections.removeValue(forKey: id)
      return state.takeWaiters()
    }
    for waiter in waiters { waiter.resume() }
  }

  /// How many connections there are.
  var count: Int { state.withLock { $0.connections.count } }

  /// Lets no new connection in, and returns those that exist.
  func drain() -> [ServerConnection] {
    state.withLock { state in
      state.isDraining = true
      return Array(state.connections.values)
    }
  }

  /// Those that exist.
  var all: [ServerConnection] { state.withLock { Array($0.connections.values) } }

  /// Returns when a drained registry is empty.
  func waitUntilEmpty() async {
    await withCheckedContinuation { continuation in
      let waiters = state.withLock { state in
        state.waiters.append(continuation)
        return state.takeWaiters()
      }
      for waiter in waiters { waiter.resume() }
    }
  }
}
