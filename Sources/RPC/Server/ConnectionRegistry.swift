internal import Synchronization

/// The connections of a server: bounds them, and tells when the last one is gone.
final class ConnectionRegistry: Sendable {
  private struct State {
    var connections: [UInt64: (connection: ServerConnection, peer: String?)] = [:]
    /// How many connections each address has.
    var peers: [String: Int] = [:]
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
  private let connectionsPerPeerMax: Int

  init(connectionsMax: Int, connectionsPerPeerMax: Int) {
    self.connectionsMax = connectionsMax
    self.connectionsPerPeerMax = connectionsPerPeerMax
  }

  /// Adds the connection that `make` returns for its number, or nothing and returns nil when there are too many, in all
  /// or from the address `peer`, or no new ones are wanted. Who adds a connection removes it when its channel has closed.
  func add(
    from peer: String?, _ make: (UInt64) -> ServerConnection
  ) -> (id: UInt64, connection: ServerConnection)? {
    state.withLock { state in
      guard !state.isDraining, state.connections.count < connectionsMax else { return nil }
      if let peer {
        let count = state.peers[peer, default: 0]
        guard count < connectionsPerPeerMax else { return nil }
        state.peers[peer] = count + 1
      }
      state.lastID += 1
      let connection = make(state.lastID)
      state.connections[state.lastID] = (connection, peer)
      return (state.lastID, connection)
    }
  }

  /// The channel of the connection with this number has closed.
  func remove(_ id: UInt64) {
    let waiters = state.withLock { state in
      if let peer = state.connections.removeValue(forKey: id)?.peer, let count = state.peers[peer] {
        state.peers[peer] = count > 1 ? count - 1 : nil
      }
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
      return state.connections.values.map(\.connection)
    }
  }

  /// Those that exist.
  var all: [ServerConnection] { state.withLock { $0.connections.values.map(\.connection) } }

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
