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
    var certificates: CertificateFiles?
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
    let certificates = try readCertificates()
    let address = try await resolve()
    guard configuration.tls != nil || configuration.allowInsecure || address.isLoopback else {
      throw ServerStartError.plainTextBeyondLoopback(address: address.text)
    }
    let group: any EventLoopGroup =
      configuration.eventLoops.map { MultiThreadedEventLoopGroup(numberOfThreads: max(1, $0)) }
      ?? MultiThreadedEventLoopGroup.singleton
    let listener = try await bootstrap(group, certificates).bind(to: address).get()
    guard let local = listener.localAddress else { throw ServerStartError.noAddress }
    let bound = BoundAddress(local)
    state.withLock { state in
      state.listener = listener
      state.address = bound
      state.certificates = certificates
    }
    core.logger.info("listening", metadata: ["address": "\(local.text)", "tls": "\(certificates != nil)"])
    return bound
  }

  /// Serves until the task is cancelled or its service group shuts down gracefully, then gives calls under way the
  /// configured grace.
  public func run() async throws {
    try await start()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await self.watchCertificates() }
      do { try await gracefulShutdown() } catch is CancellationError {}
      await shutdown(grace: configuration.limits.shutdownGrace)
      group.cancelAll()
    }
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

  /// How many calls are under way; asks every event loop.
  public func openCallCount() async -> Int {
    await withTaskGroup(of: Int.self) { group in
      for (executor, connections) in core.registry.byExecutor {
        group.addTask {
          await withCheckedContinuation { continuation in
            executor.execute {
              continuation.resume(returning: connections.reduce(0) { $0 + ($1.session?.streamCount ?? 0) })
            }
          }
        }
      }
      return await group.reduce(0, +)
    }
  }

  /// Whether the server has begun to shut down.
  public var isShuttingDown: Bool { state.withLock { $0.isStopped } }

  // MARK: Certificates

  /// Looks whether the files of certificate, key and authorities have changed, and uses what is in them for connections
  /// that come from now on; those that stand keep what they began with.
  ///
  /// Files that cannot be used, such as a certificate whose key is not in place yet, are logged and change nothing.
  /// - Returns: whether there is something new; false also without TLS, and before ``start()``.
  /// - Throws: why the files cannot be used, unless it was told before.
  @discardableResult public func reloadCertificates() async throws -> Bool {
    guard let certificates = state.withLock({ $0.certificates }) else { return false }
    let outcome = try await NIOThreadPool.singleton.runIfActive { certificates.refresh() }
    switch outcome {
    case .unchanged:
      return false
    case .loaded(let facts):
      core.logger.notice("the certificate was loaded anew")
      for observer in core.observers { observer.certificateRead(.success(facts)) }
      return true
    case .failed(let error):
      core.logger.error(
        "the new certificate cannot be used, and the former stays", metadata: ["cause": "\(error)"])
      for observer in core.observers { observer.certificateRead(.failure(error)) }
      throw error
    }
  }

  private func readCertificates() throws -> CertificateFiles? {
    guard let tls = configuration.tls else { return nil }
    let certificates = try CertificateFiles(tls)
    for observer in core.observers { observer.certificateRead(.success(certificates.facts)) }
    return certificates
  }

  /// Reads the files again and again until the task is cancelled.
  private func watchCertificates() async {
    guard let interval = configuration.tls?.reloadInterval else { return }
    while true {
      do { try await Task.sleep(for: interval) } catch { return }
      // What is wrong has been logged.
      _ = try? await reloadCertificates()
    }
  }

  // MARK: Listening

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

  private func bootstrap(_ group: any EventLoopGroup, _ certificates: CertificateFiles?) -> ServerBootstrap {
    let executors = LoopExecutors(group)
    let core = core
    return ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let executor = executors[channel.eventLoop]
          let id: UInt64
          let connection: ServerConnection
          do throws(ConnectionRefused) {
            (id, connection) = try core.registry.add(from: channel.remoteAddress?.ipAddress) { id in
              ServerConnection(id: id, server: core, executor: executor, isTLS: certificates != nil)
            }
          } catch {
            for observer in core.observers { observer.connectionRefused(error.reason) }
            throw error
          }
          for observer in core.observers { observer.connectionOpened() }
          channel.closeFuture.whenComplete { _ in
            core.registry.remove(id)
            for observer in core.observers { observer.connectionClosed() }
          }
          if let certificates {
            // Each connection keeps the certificate that it began with.
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: certificates.context))
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

  /// A sentence, with the remedy.
  public var description: String {
    switch self {
    case .plainTextBeyondLoopback(let address):
      "refusing to serve plain text on \(address), which is no loopback address: configure TLS, or allow it explicitly"
    case .noAddress: "the system gave no address to listen on"
    }
  }
}
