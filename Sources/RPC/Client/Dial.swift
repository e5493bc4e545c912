internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// One attempt to connect: tries endpoints in order until a peer has sent its settings.
///
/// The next endpoint is tried when one has failed, or has not answered for a while; the first that answers wins, and the
/// others are closed. Belongs to the engine's event loop.
final class Dial {
  /// One endpoint that is being tried.
  private final class Attempt {
    let endpoint: Endpoint
    var connection: ClientConnection?
    var timer: Scheduled<Void>?

    init(_ endpoint: Endpoint) { self.endpoint = endpoint }
  }

  let id: ConnectionPool.ID
  /// Kept until the dial has an outcome, which every dial has.
  private let engine: ClientEngine
  private var remaining: ArraySlice<Endpoint>
  private var attempts: [Attempt] = []
  private var nextTimer: Scheduled<Void>?
  private var failed: [Endpoint] = []
  private var isWon = false
  private var isAbandoned = false

  init(_ wanted: ConnectionPool.Wanted, engine: ClientEngine) {
    id = wanted.id
    self.engine = engine
    remaining = wanted.endpoints[...]
  }

  /// Tries the next endpoint.
  func proceed() {
    nextTimer?.cancel()
    nextTimer = nil
    guard !isWon, let endpoint = remaining.popFirst() else { return }
    let attempt = Attempt(endpoint)
    attempts.append(attempt)
    if !remaining.isEmpty {
      let delay = max(engine.configuration.connectionAttemptDelay.clampedNanoseconds, 1_000_000)
      nextTimer = engine.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(delay)) { self.proceed() }
    }
    let limit = TimeAmount.nanoseconds(max(engine.configuration.connectTimeout.clampedNanoseconds, 1_000_000))
    let deadline = NIODeadline.now() + limit
    connect(to: endpoint, limit).assumeIsolated().whenComplete { result in
      switch result {
      case .success(let channel): self.established(channel, attempt, deadline)
      case .failure(let error): self.ended(attempt, error)
      }
    }
  }

  /// Gives the attempt up; its failure is reported once everything under way has ended.
  func abandon() {
    isAbandoned = true
    remaining = []
    nextTimer?.cancel()
    for attempt in attempts { attempt.connection?.channel?.close(promise: nil) }
  }

  /// The peer has sent its settings.
  func ready(_ connection: ClientConnection) {
    guard !isWon, !isAbandoned else {
      connection.channel?.close(promise: nil)
      return
    }
    isWon = true
    nextTimer?.cancel()
    remaining = []
    for attempt in attempts {
      attempt.timer?.cancel()
      if let other = attempt.connection, other !== connection { other.channel?.close(promise: nil) }
    }
    connection.adopt(by: engine, as: id)
  }

  /// The connection is gone before its peer sent settings, or before it was adopted.
  func lost(_ connection: ClientConnection) {
    guard let attempt = attempts.first(where: { $0.connection === connection }) else { return }
    ended(attempt, connection.failure ?? RPCError(.unavailable, "the server closed the connection"))
  }

  private func established(_ channel: any Channel, _ attempt: Attempt, _ deadline: NIODeadline) {
    guard !isWon, !isAbandoned,
      let connection = try? channel.pipeline.syncOperations.handler(type: ClientConnection.self)
    else {
      channel.close(promise: nil)
      return ended(attempt, ChannelError.ioOnClosedChannel)
    }
    attempt.connection = connection
    attempt.timer = engine.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
      channel.pipeline.fireErrorCaught(RPCError(.unavailable, "the server sent no HTTP/2 settings in time"))
    }
    connection.report(to: self)
  }

  private func ended(_ attempt: Attempt, _ error: any Error) {
    attempt.timer?.cancel()
    attempts.removeAll { $0 === attempt }
    guard !isWon else { return }
    failed.append(attempt.endpoint)
    if !remaining.isEmpty { return proceed() }
    guard attempts.isEmpty else { return }
    let reason = (error as? RPCError)?.message ?? "\(error)"
    let others = failed.count > 1 ? ", nor to \(failed.count - 1) other addresses before it" : ""
    engine.dialFailed(
      id, RPCError(.unavailable, "could not connect to \(attempt.endpoint)\(others): \(reason)", cause: error))
  }

  private func connect(to endpoint: Endpoint, _ limit: TimeAmount) -> EventLoopFuture<any Channel> {
    let configuration = engine.configuration
    let keepalive = engine.keepalive
    let executor = engine.executor
    let tls = engine.tls
    return ClientBootstrap(group: engine.eventLoop)
      .connectTimeout(limit)
      .channelOption(.writeBufferWaterMark, value: .init(low: 64 << 10, high: 256 << 10))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let tls {
            let name = configuration.tls?.serverName ?? endpoint.serverName
            try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name))
            try pipeline.addHandler(ALPNGuard())
          }
          try pipeline.addHandler(
            ClientConnection(
              endpoint: endpoint, configuration: configuration, keepalive: keepalive, executor: executor))
        }
      }
      .connect(to: endpoint.socket)
  }
}

extension Endpoint {
  /// The name that a certificate must bear; nil when that is the address itself, as for an IP address.
  fileprivate var serverName: String? {
    switch address {
    case .unix: "localhost"
    case .hostPort(let host, _): (try? SocketAddress(ipAddress: host, port: 0)) == nil ? host : nil
    }
  }
}
