import NIOCore
import NIOPosix
import Synchronization

/// A line between a client and a server that a test can cut: a relay on a port of this machine.
final class CuttableLine: Sendable {
  private let target: Int
  private let listener = Mutex<(any Channel)?>(nil)
  private let connections = Mutex<[ObjectIdentifier: any Channel]>([:])

  private init(to target: Int) {
    self.target = target
  }

  /// A line to a server's port.
  static func open(to target: Int) async throws -> CuttableLine {
    let line = CuttableLine(to: target)
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelOption(.autoRead, value: false)
      .childChannelInitializer { line.relay($0) }
      .bind(host: "127.0.0.1", port: 0).get()
    line.listener.withLock { $0 = listener }
    return line
  }

  /// Where a client finds it.
  var port: Int {
    listener.withLock { $0?.localAddress?.port } ?? 0
  }

  /// Breaks every connection that there is; new ones may be made at once.
  func cut() {
    let broken = connections.withLock { connections in
      defer { connections = [:] }
      return connections.values
    }
    for connection in broken { connection.close(promise: nil) }
  }

  /// Takes no more connections, and breaks those that there are.
  func close() async {
    try? await listener.withLock { $0 }?.close().get()
    cut()
  }

  private func relay(_ client: any Channel) -> EventLoopFuture<Void> {
    connections.withLock { $0[ObjectIdentifier(client)] = client }
    client.closeFuture.whenComplete { [self] _ in
      connections.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(client)) }
    }
    return ClientBootstrap(group: client.eventLoop)
      .channelInitializer { server in
        server.eventLoop.makeCompletedFuture {
          try server.pipeline.syncOperations.addHandler(Relay(to: client))
        }
      }
      .connect(host: "127.0.0.1", port: target)
      .flatMap { server in
        client.eventLoop.makeCompletedFuture {
          try client.pipeline.syncOperations.addHandler(Relay(to: server))
        }
      }
      .flatMap { client.setOption(.autoRead, value: true) }
  }
}

/// Hands on what one end says to the other, and its end too.
private final class Relay: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let other: any Channel

  init(to other: any Channel) {
    self.other = other
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    other.writeAndFlush(unwrapInboundIn(data), promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    other.close(promise: nil)
    context.fireChannelInactive()
  }
}
