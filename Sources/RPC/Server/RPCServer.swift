public import Logging
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
public import ServiceLifecycle
internal import Synchronization

/// A gRPC server.
///
/// It listens from ``start()`` to ``shutdown(grace:)``; ``run()`` does both, as a service under a `ServiceGroup`.
public final class RPCServer: Service {
  private struct State {
    var listener: (any Channel)?
    var address: BoundAddress?
    var isStopped = false
  }

  private let configuration: ServerConfiguration
  private let core: ServerCore
  private let state = Mutex(State())

  /// A server that does not listen yet.
  public init(
    configuration: ServerConfiguration,
    services: [ServiceDefinition],
    interceptors: [any ServerInterceptor] = [],
    logger: Logger
  ) {
    self.configuration = configuration
    self.core = ServerCore(
      services: services, interceptors: interceptors, configuration: configuration, logger: logger)
  }

  /// Begins to listen, and returns where; a second call returns the same.
  ///
  /// - Throws: ``ServerStartError``, what reading the certificate throws, or why the address cannot be had.
  @discardableResult public func start() async throws -> BoundAddress {
    if let address = state.withLock({ $0.address }) { return address }
    let sslContext = try configuration.tls?.makeContext()
    let address = try await resolve()
    guard configuration.tls != nil || configuration.allowInsecure || address.isLoopback else {
      throw ServerStartError.plainTextBeyondLoopback(address: address.text)
    }
    let group: any EventLoopGroup =
      configuration.eventLoops.map { MultiThreadedEventLoopGroup(numberOfThreads: max(1, $0)) }
      ?? MultiThreadedEventLoopGroup.singleton
    let listener = try await bootstrap(group, sslContext).bind(to: address).get()
    guard let local = listener.localAddress else { throw ServerStartError.noAddress }
    let bound = BoundAddress(local)
    state.withLock { state in
      state.listener = listener
      state.address = bound
    }
    core.logger.info("listening", metadata: ["address": "\(local.text)", "tls": "\(sslContext != nil)"])
    return bound
  }

  /// Serves until the task is cancelled or its service group shuts down gracefully, then gives calls under way the
  /// configured grace.
  public func run() async throws {
    try await start()
    do { try await gracefulShutdown() } catch is CancellationError {}
    await shutdown(grace: configuration.limits.shutdownGrace)
  }

  /// Stops listening, sends every client elsewhere, waits for the calls under way, and after `grace` ends those that are
  /// left with UNAVAILABLE. Returns when every connection is closed.
  public func shutdown(grace: Duration) async {
    let listener = state.withLock { state in
      state.isStopped = true
      defer { state.listener = nil }
      return state.listener
    }
    try? await listener?.close().get()
    for connection in core.registry.drain() { connection.executor.execute { connection.drain() } }
    // Not a child of the caller's task: a cancelled caller must not cut the grace short.
    let end = Task.detached { [core] in
      do { try await Task.sleep(for: grace) } catch { return }
      for connection in core.registry.all { connection.executor.execute { connection.shutDown() } }
      do { try await Task.sleep(for: Self.closingTime) } catch { return }
      for connection in core.registry.all {
        connection.executor.execute { connection.channel?.close(promise: nil) }
      }
    }
    await core.registry.waitUntilEmpty()
    end.cancel()
  }

  /// How long a client has to take its last answers.
  private static let closingTime = Duration.seconds(1)

  /// How many connections there are.
  public var connectionCount: Int { core.registry.count }

  private func resolve() async throws -> SocketAddress {
    switch configuration.endpoint {
    case .unix(let path):
      return try SocketAddress(unixDomainSocketPath: path)
    case .tcp(let host, let port):
      return try await NIOThreadPool.singleton.runIfActive {
        try SocketAddress.makeAddressResolvingHost(host, port: port)
      }
    }
  }

  private func bootstrap(_ group: any EventLoopGroup, _ sslContext: NIOSSLContext?) -> ServerBootstrap {
    let executors = LoopExecutors(group)
    let core = core
    return ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let executor = executors[channel.eventLoop]
          let added = core.registry.add(from: channel.remoteAddress?.ipAddress) { id in
            ServerConnection(id: id, server: core, executor: executor, isTLS: sslContext != nil)
          }
          guard let (id, connection) = added else { throw ServerStartError.tooManyConnections }
          channel.closeFuture.whenComplete { _ in core.registry.remove(id) }
          if let sslContext {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: sslContext))
          }
          try channel.pipeline.syncOperations.addHandler(connection)
        }
      }
  }
}

/// Where a server listens.
public struct BoundAddress: Sendable, Hashable {
  /// The address; for a Unix socket its path.
  public let host: String

  /// The port; 0 for a Unix socket.
  public let port: Int

  init(_ address: SocketAddress) {
    host = address.ipAddress ?? address.pathname ?? ""
    port = address.port ?? 0
  }
}

/// Why a server does not serve.
public enum ServerStartError: Error, Hashable, CustomStringConvertible {
  /// Without TLS, and without ``ServerConfiguration/allowInsecure``, only loopback is served.
  case plainTextBeyondLoopback(address: String)
  /// The system gave no address.
  case noAddress
  /// There are as many connections as the limit allows, in all or from one address.
  case tooManyConnections

  /// A sentence, with the remedy.
  public var description: String {
    switch self {
    case .plainTextBeyondLoopback(let address):
      "refusing to serve plain text on \(address), which is no loopback address: configure TLS, or allow it explicitly"
    case .noAddress: "the system gave no address to listen on"
    case .tooManyConnections: "there are as many connections as the limit allows"
    }
  }
}
