internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// One attempt to connect: tries the target's addresses in order until a peer has sent its settings.
///
/// Belongs to the engine's event loop.
final class Dial {
  let id: ConnectionPool.ID
  private unowned let engine: ClientEngine
  private var remaining: ArraySlice<Target.Address>
  private var connection: ClientConnection?
  private var timer: Scheduled<Void>?
  private var isAbandoned = false

  init(id: ConnectionPool.ID, engine: ClientEngine) {
    self.id = id
    self.engine = engine
    remaining = engine.target.addresses[...]
  }

  /// Tries the next address.
  func proceed() {
    guard let address = remaining.popFirst() else { return }
    connect(to: address).assumeIsolated().whenComplete { result in
      switch result {
      case .success(let channel): self.established(channel, address)
      case .failure(let error): self.failed(address, error)
      }
    }
  }

  /// Gives the attempt up; its failure is reported once the address in hand has answered.
  func abandon() {
    isAbandoned = true
    remaining = []
    connection?.channel?.close(promise: nil)
  }

  /// The peer has sent its settings.
  func succeeded() {
    timer?.cancel()
  }

  /// The connection that was adopted is gone before its peer sent settings.
  func lost(_ connection: ClientConnection) {
    let error = connection.failure ?? RPCError(.unavailable, "the server closed the connection")
    failed(connection.address, error)
  }

  private func established(_ channel: any Channel, _ address: Target.Address) {
    guard !isAbandoned, let connection = try? channel.pipeline.syncOperations.handler(type: ClientConnection.self)
    else {
      channel.close(promise: nil)
      return failed(address, ChannelError.ioOnClosedChannel)
    }
    self.connection = connection
    timer = engine.eventLoop.assumeIsolated().scheduleTask(in: connectTimeout) {
      channel.pipeline.fireErrorCaught(RPCError(.unavailable, "the server sent no HTTP/2 settings in time"))
    }
    connection.adopt(by: engine, as: id)
  }

  private func failed(_ address: Target.Address, _ error: any Error) {
    timer?.cancel()
    timer = nil
    connection = nil
    if !remaining.isEmpty { return proceed() }
    let reason = (error as? RPCError)?.message ?? "\(error)"
    engine.dialFailed(
      id, RPCError(.unavailable, "could not connect to \(address): \(reason)", cause: error))
  }

  private var connectTimeout: TimeAmount {
    .nanoseconds(max(engine.configuration.connectTimeout.clampedNanoseconds, 1_000_000))
  }

  private func connect(to address: Target.Address) -> EventLoopFuture<any Channel> {
    let configuration = engine.configuration
    let executor = engine.executor
    let tls = engine.tls
    let bootstrap = ClientBootstrap(group: engine.eventLoop)
      .connectTimeout(connectTimeout)
      .channelOption(.writeBufferWaterMark, value: .init(low: 64 << 10, high: 256 << 10))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let tls {
            let name = configuration.tls?.serverName ?? address.serverName
            try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name))
            try pipeline.addHandler(ALPNGuard())
          }
          try pipeline.addHandler(
            ClientConnection(address: address, configuration: configuration, executor: executor))
        }
      }
    switch address {
    case .hostPort(let host, let port): return bootstrap.connect(host: host, port: port)
    case .unix(let path): return bootstrap.connect(unixDomainSocketPath: path)
    }
  }
}

extension Target.Address {
  /// The name that a certificate must bear; nil when that is the address itself, as for an IP address.
  fileprivate var serverName: String? {
    switch self {
    case .unix: "localhost"
    case .hostPort(let host, _): (try? SocketAddress(ipAddress: host, port: 0)) == nil ? host : nil
    }
  }
}

// MARK: - What connections tell their engine

extension ClientEngine {
  /// Begins an attempt to connect that the pool asked for.
  func dial(_ id: ConnectionPool.ID) {
    let dial = Dial(id: id, engine: self)
    dials[id] = dial
    dial.proceed()
  }

  func dialFailed(_ id: ConnectionPool.ID, _ error: RPCError) {
    dials[id] = nil
    dialError = error
    settle(pool.dialFailed(id), error)
  }

  func connectionReady(_ connection: ClientConnection, streamsMax: Int) {
    dials.removeValue(forKey: connection.id)?.succeeded()
    connections[connection.id] = connection
    pool.connected(connection.id, limit: streamsMax)
    if isClosing { return connection.shutDown() }
    serveWaiting()
  }

  func connectionLimitChanged(_ connection: ClientConnection, streamsMax: Int) {
    pool.limitChanged(connection.id, to: streamsMax)
    serveWaiting()
  }

  func connectionProven(_ connection: ClientConnection) {
    pool.proven(connection.id)
  }

  func connectionDraining(_ connection: ClientConnection) {
    if pool.draining(connection.id) { connection.shutDown() }
    serveWaiting()
  }

  func connectionLost(_ connection: ClientConnection, wasReady: Bool) {
    if let dial = dials[connection.id] { return dial.lost(connection) }
    guard connections.removeValue(forKey: connection.id) != nil else { return }
    settle(pool.lost(connection.id), connection.lossError)
  }

  func streamEnded(on connection: ClientConnection) {
    if pool.streamEnded(on: connection.id) { connection.shutDown() }
    serveWaiting()
  }

  /// Waits, fails and serves as the loss of a connection demands.
  private func settle(_ loss: ConnectionPool.Loss, _ error: RPCError) {
    if let wait = loss.backOff {
      eventLoop.scheduleTask(in: .nanoseconds(wait.clampedNanoseconds)) {
        self.pool.retryDue()
        self.serveWaiting()
      }
    }
    if loss.failsWaiting { failWaiting(error) }
    serveWaiting()
    concludeClose()
  }
}
