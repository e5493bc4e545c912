internal import Synchronization

/// The connections of a server: bounds them, and tells when the last one is gone.
final class ConnectionRegistry: Sendable {
  private struct State {
    var connections: [UInt64: ServerConnection] = [:]
    var lastID: UInt64 = 0
    var isDraining = false
    var waiters: [CheckedContinuation<Void, Never>] = []

    /// Those who wait for the last connection to go, if it is gone.
    mutating func takeWaiters() -> [CheckedContinuation<Void, Never>] {
      guard connections.isEmpty else { return [] }
      defer { waiters = [] }
      return waiters
    }
  }

  private let state = Mutex(State())
  private let connectionsMax: Int

  init(connectionsMax: Int) {
    self.connectionsMax = connectionsMax
  }

  /// Adds the connection that `make` returns for its number, or nothing and returns nil when there are too many or no
  /// new ones are wanted. Who adds a connection removes it when its channel has closed.
  func add(_ make: (UInt64) -> ServerConnection) -> (id: UInt64, connection: ServerConnection)? {
    state.withLock { state in
      guard !state.isDraining, state.connections.count < connectionsMax else { return nil }
      state.lastID += 1
      let connection = make(state.lastID)
      state.connections[state.lastID] = connection
      return (state.lastID, connection)
    }
  }

  /// The channel of the connection with this number has closed.
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

  /// Returns when there are no connections.
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
