internal import NIOCore
internal import NIOHTTP1

/// A connection to the admin port: one request after another, one answer each.
final class AdminConnection: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private struct Answer: Sendable {
    var status: HTTPResponseStatus
    var type = "text/plain; charset=utf-8"
    var allow: String?
    var text: String
  }

  private let source: AdminEndpoint.Source
  private let patience: TimeAmount
  private var head: HTTPRequestHead?
  private var bodyBytes = 0
  private var timer: Scheduled<Void>?
  private var isGone = false

  init(source: AdminEndpoint.Source, patience: Duration) {
    self.source = source
    let parts = patience.components
    self.patience = .nanoseconds(parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000)
  }

  func handlerAdded(context: ChannelHandlerContext) { startTimer(context) }

  func handlerRemoved(context: ChannelHandlerContext) {
    isGone = true
    timer?.cancel()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      self.head = head
      bodyBytes = 0
    case .body(let bytes):
      bodyBytes += bytes.readableBytes
      if bodyBytes > AdminEndpoint.requestBytesMax { context.close(promise: nil) }
    case .end:
      guard let head else { return }
      self.head = nil
      answer(head, context)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  /// Closes the connection unless something else happens in time.
  private func startTimer(_ context: ChannelHandlerContext) {
    timer?.cancel()
    let channel = context.channel
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: patience) { channel.close(promise: nil) }
  }

  private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    startTimer(context)
    let source = source
    let promise = context.eventLoop.makePromise(of: Answer.self)
    promise.completeWithTask { await Self.answer(head.method, head.uri, source) }
    let isKeptAlive = head.isKeepAlive
    let version = head.version
    promise.futureResult.assumeIsolated().whenSuccess { answer in
      guard !self.isGone else { return }
      self.write(answer, version, isKeptAlive: isKeptAlive, context)
    }
  }

  private func write(
    _ answer: Answer, _ version: HTTPVersion, isKeptAlive: Bool, _ context: ChannelHandlerContext
  ) {
    let body = context.channel.allocator.buffer(string: answer.text)
    var head = HTTPResponseHead(version: version, status: answer.status)
    head.headers.add(name: "content-type", value: answer.type)
    head.headers.add(name: "content-length", value: "\(body.readableBytes)")
    head.headers.add(name: "cache-control", value: "no-store")
    if let allow = answer.allow { head.headers.add(name: "allow", value: allow) }
    head.headers.add(name: "connection", value: isKeptAlive ? "keep-alive" : "close")
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { result in
      guard !self.isGone else { return }
      if isKeptAlive, case .success = result { self.startTimer(context) } else { context.close(promise: nil) }
    }
  }

  private static func answer(_ method: HTTPMethod, _ uri: String, _ source: AdminEndpoint.Source) async -> Answer {
    let path = uri.prefix { $0 != "?" && $0 != "#" }
    guard ["/metrics", "/livez", "/readyz"].contains(path) else {
      return Answer(status: .notFound, text: "There is nothing here; try /metrics, /livez or /readyz.\n")
    }
    guard method == .GET else {
      return Answer(status: .methodNotAllowed, allow: "GET", text: "Only GET is answered.\n")
    }
    switch path {
    case "/metrics":
      return Answer(status: .ok, type: MetricsText.contentType, text: await source.metrics())
    case "/readyz":
      if let reason = source.unreadiness() { return Answer(status: .serviceUnavailable, text: reason + "\n") }
      return Answer(status: .ok, text: "ready\n")
    default:
      return Answer(status: .ok, text: "live\n")
    }
  }
}
