internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Synchronization

/// Where operators look: a small HTTP/1.1 listener with `/metrics`, `/livez` and `/readyz`, beside the port that serves.
///
/// It has an event loop of its own, so that it neither holds up calls nor is held up by them. Everything is bounded:
/// connections, the size of a request, the time until a request is complete, and the time until its answer is taken.
final class AdminEndpoint: Sendable {
  /// What it tells.
  struct Source: Sendable {
    /// The metrics in Prometheus' text format.
    var metrics: @Sendable () async -> String
    /// Why the server should get no calls now; nil when it should.
    var unreadiness: @Sendable () -> String?
  }

  /// Connections at once; more are closed.
  static let connectionsMax = 64
  /// Bytes of a request's headers, and of a body, which nothing here takes.
  static let requestBytesMax = 16 << 10
  /// Header fields of a request.
  static let requestFieldsMax = 64

  private struct State {
    var group: MultiThreadedEventLoopGroup?
    var listener: (any Channel)?
    var port: Int?
  }

  private let place: AdminListener
  private let source: Source
  private let logger: Logger
  private let state = Mutex(State())
  private let connections = Atomic(0)

  init(_ place: AdminListener, source: Source, logger: Logger) {
    self.place = place
    self.source = source
    self.logger = logger
  }

  /// The port, while it listens.
  var port: Int? { state.withLock(\.port) }

  /// Begins to listen; does nothing when it does already.
  /// - Throws: why the address cannot be had.
  func start() async throws {
    guard port == nil else { return }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    do {
      let listener = try await bootstrap(group).bind(host: place.host, port: place.port).get()
      let port = listener.localAddress?.port ?? place.port
      state.withLock { state in
        state.group = group
        state.listener = listener
        state.port = port
      }
      logger.info("the admin port listens", metadata: ["address": "\(place.host):\(port)"])
    } catch {
      try? await group.shutdownGracefully()
      throw error
    }
  }

  /// Stops, and closes every connection.
  func close() async {
    let (listener, group) = state.withLock { state in
      defer { state = State() }
      return (state.listener, state.group)
    }
    try? await listener?.close().get()
    try? await group?.shutdownGracefully()
  }

  private func bootstrap(_ group: MultiThreadedEventLoopGroup) -> ServerBootstrap {
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderFieldSize = Self.requestBytesMax / 2
    limits.maxHeaderListSize = Self.requestBytesMax
    limits.maxHeaderFieldCount = Self.requestFieldsMax
    return ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 64)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.maxMessagesPerRead, value: 1)
      .childChannelInitializer { [self, limits] channel in
        channel.eventLoop.makeCompletedFuture {
          let count = connections.wrappingAdd(1, ordering: .relaxed).newValue
          channel.closeFuture.whenComplete { _ in self.connections.wrappingSubtract(1, ordering: .relaxed) }
          guard count <= Self.connectionsMax else { throw ChannelError.inappropriateOperationForState }
          let pipeline = channel.pipeline.syncOperations
          try pipeline.configureHTTPServerPipeline(
            withPipeliningAssistance: true, withErrorHandling: true, withEncoderConfiguration: .init(),
            withDecoderLimitConfiguration: limits)
          try pipeline.addHandler(AdminConnection(source: source, patience: place.patience))
        }
      }
  }
}

/// Where the admin port listens.
package struct AdminListener: Sendable {
  /// The address. It should be one that only operators reach: nobody is asked for a credential.
  package var host: String
  /// The port; 0 takes a free one.
  package var port: Int
  /// How long a connection may take to send a request, and to take the answer.
  package var patience = Duration.seconds(30)

  package init(host: String = "127.0.0.1", port: Int) {
    self.host = host
    self.port = port
  }
}
