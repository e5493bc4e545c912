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

  /// Adds the connection that `make` returns for its number, or says why not: there are too many, in all or from the
  /// address `peer`, or no new ones are wanted. Who adds a connection removes it when its channel has closed.
  func add(
    from peer: String?, _ make: (UInt64) -> ServerConnection
  ) throws(ConnectionRefused) -> (id: UInt64, connection: ServerConnection) {
    try state.withLock { (state) throws(ConnectionRefused) in
      guard !state.isDraining else { throw ConnectionRefused(reason: .shutdown) }
      guard state.connections.count < connectionsMax else { throw ConnectionRefused(reason: .connections) }
      if let peer {
        let count = state.peers[peer, default: 0]
        guard count < connectionsPerPeerMax else { throw ConnectionRefused(reason: .connectionsPerPeer) }
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

  /// Those that exist, by the event loop that they live on.
  var byExecutor: [(executor: LoopExecutor, connections: [ServerConnection])] {
    let loops = Dictionary(grouping: all) { ObjectIdentifier($0.executor) }
    return loops.values.compactMap { connections in connections.first.map { ($0.executor, connections) } }
  }

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

/// A connection was not let in.
struct ConnectionRefused: Error {
  let reason: ConnectionRefusal
}
