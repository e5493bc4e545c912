import Foundation
import NIOCore
import NIOPosix

/// An HTTP/1.1 client of bare bytes: what it sends is what a test says, what it gets is all that came.
enum HTTPProbe {
  private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var bytes = ByteBuffer()
    private let whole: EventLoopPromise<String>

    init(_ whole: EventLoopPromise<String>) { self.whole = whole }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      var part = unwrapInboundIn(data)
      bytes.writeBuffer(&part)
    }

    func channelInactive(context: ChannelHandlerContext) { whole.succeed(String(buffer: bytes)) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
  }

  /// Opens a connection; `whole` is all that comes on it until the server closes it.
  static func open(_ port: Int) async throws -> (channel: any Channel, whole: EventLoopFuture<String>) {
    let group = MultiThreadedEventLoopGroup.singleton
    let whole = group.next().makePromise(of: String.self)
    do {
      let channel = try await ClientBootstrap(group: group)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(Collector(whole))
          }
        }
        .connect(host: "127.0.0.1", port: port).get()
      return (channel, whole.futureResult)
    } catch {
      whole.succeed("")
      throw error
    }
  }

  /// Sends `request`, and returns all that comes until the server closes the connection.
  static func exchange(_ port: Int, _ request: String) async throws -> String {
    let (channel, whole) = try await open(port)
    try? await channel.writeAndFlush(ByteBuffer(string: request))
    return try await whole.get()
  }

  /// Asks for a path; the status line, the headers in lower case, and the body.
  static func get(
    _ port: Int, _ path: String, method: String = "GET"
  ) async throws -> (status: Int, headers: [String: String], body: String) {
    let text = try await exchange(port, "\(method) \(path) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
    guard let end = text.range(of: "\r\n\r\n") else { return (0, [:], text) }
    let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.components(separatedBy: ": ")
      headers[parts[0].lowercased()] = parts.dropFirst().joined(separator: ": ")
    }
    let status = lines.first.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) } ?? 0
    return (status, headers, String(text[end.upperBound...]))
  }
}
