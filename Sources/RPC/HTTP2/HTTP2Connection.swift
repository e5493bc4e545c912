package import NIOCore
internal import NIOTLS

/// The channel handler of one HTTP/2 connection: reads into the session, writes what the session has, once a batch.
///
/// Server and client subclass it. Everything happens on the event loop of ``executor``.
package class HTTP2Connection: ChannelInboundHandler, HTTP2SessionDelegate, LoopFlushable, DeadlineHeapEntry {
  package typealias InboundIn = ByteBuffer
  package typealias OutboundOut = ByteBuffer

  /// How many bytes one write gathers before it is handed to the channel.
  private static let writeBytesMax = 128 * 1024

  /// Runs the connection's tasks.
  package let executor: LoopExecutor

  /// Whether TLS comes first: the session starts when the handshake has agreed on `h2`.
  package let isTLS: Bool

  private let role: HTTP2Session.Role
  private let settings: HTTP2Settings
  private var madeSession: HTTP2Session?
  private var context: ChannelHandlerContext?
  private var isGathered = false
  private var isClosing = false
  private var isOpened = false
  private var isFinished = false
  private var closesAfterFlush = false
  /// When the channel is closed although not everything was written; `.max` while it is not to be closed.
  private var closingEnd = Int64.max

  package var deadlineNanoseconds = Int64.max
  package var deadlineHeapIndex = -1

  /// A connection that starts when its channel is active, or with `isTLS` when TLS is established.
  init(role: HTTP2Session.Role, settings: HTTP2Settings, isTLS: Bool = false, executor: LoopExecutor) {
    self.role = role
    self.isTLS = isTLS
    self.settings = settings
    self.executor = executor
  }

  /// The session, from the start to the end of the connection.
  package var session: HTTP2Session? { madeSession }

  /// Why the session ended, from just before its streams are closed; nil when it ended in order.
  package private(set) var failure: (any Error)?

  /// The channel, while the handler is in its pipeline.
  package var channel: (any Channel)? { context?.channel }

  // MARK: For subclasses

  /// The channel is active; with TLS, the handshake is still to come. Called once, before anything else.
  package func opened() {}

  /// The session exists, and nothing has been received.
  package func connected() {}

  /// The connection is gone, and every stream has been closed. `error` is nil when it ended in order. Called once, if
  /// ``opened()`` was.
  package func disconnected(_ error: (any Error)?) {}

  package func sessionOpensStream() -> HTTP2Stream? { nil }
  package func sessionClosedStream(_ stream: HTTP2Stream) {}
  package func sessionReceivedGoAway(lastStreamID: Int32, code: HTTP2ErrorCode, text: String) {}
  package func sessionReceivedSettings() {}
  package func sessionReceivedPing() {}
  package func sessionReceivedPingAck(_ payload: UInt64) {}

  /// The time that was set with ``look(at:)`` has come, in nanoseconds of ``LoopTimers/now``; it is set no more.
  package func timerFired(at now: Int64) {
    guard now >= closingEnd else { return look(at: .max) }
    channel?.close(promise: nil)
  }

  /// Calls ``timerFired(at:)`` at `time` instead of when it was to be called; `.max` is never. A connection that is
  /// being closed is looked at when its time for that is over.
  package func look(at time: Int64) {
    executor.timers.set(self, at: min(time, closingEnd))
  }

  /// Writes what the session has, then closes the channel; a peer that does not take it in time loses it.
  package func closeAfterFlush() {
    closesAfterFlush = true
    limitClosing()
    sessionHasOutput()
  }

  /// Closes the channel at once, for a reason that streams can be told.
  package func abort(_ error: any Error) {
    finish(error)
    channel?.close(promise: nil)
  }

  // MARK: The session's output

  package func sessionHasOutput() {
    guard !isGathered else { return }
    isGathered = true
    executor.gather(self)
  }

  package func flushGathered() {
    isGathered = false
    guard let context, let session = madeSession else { return }
    do {
      while context.channel.isWritable {
        try session.write(into: &executor.outputBuffer, limit: Self.writeBytesMax)
        guard executor.outputBuffer.readableBytes > 0 else { break }
        context.writeAndFlush(wrapOutboundOut(executor.outputBuffer), promise: nil)
        executor.outputBuffer.clear(minimumCapacity: 0)
      }
    } catch {
      if case .abuse = error, executor.outputBuffer.readableBytes > 0 {
        context.write(wrapOutboundOut(executor.outputBuffer), promise: nil)
      }
      // The buffer is shared: nothing of this connection may reach the next one.
      executor.outputBuffer.clear()
      return fail(error)
    }
    guard !session.wantsWrite else { return }
    if closesAfterFlush || !session.wantsRead { closeAfterWrites() }
  }

  // MARK: The channel

  package func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    if context.channel.isActive { open() }
  }

  package func handlerRemoved(context: ChannelHandlerContext) {
    finish(nil)
    executor.timers.set(self, at: .max)
    self.context = nil
  }

  package func channelActive(context: ChannelHandlerContext) {
    open()
    context.fireChannelActive()
  }

  package func channelInactive(context: ChannelHandlerContext) {
    finish(nil)
    context.fireChannelInactive()
  }

  package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if isTLS, case TLSUserEvent.handshakeCompleted(let negotiated)? = event as? TLSUserEvent {
      if negotiated == "h2" {
        start()
      } else {
        finish(HTTP2SessionError.noALPN)
        context.close(promise: nil)
      }
    }
    context.fireUserInboundEventTriggered(event)
  }

  package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard let session = madeSession else { return }
    let bytes = unwrapInboundIn(data)
    do throws(HTTP2SessionError) {
      try bytes.withUnsafeReadableBytes { (bytes) throws(HTTP2SessionError) in try session.receive(bytes) }
    } catch {
      fail(error)
    }
  }

  package func channelReadComplete(context: ChannelHandlerContext) {
    executor.drain()
    context.fireChannelReadComplete()
  }

  package func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable, madeSession != nil { sessionHasOutput() }
    context.fireChannelWritabilityChanged()
  }

  package func errorCaught(context: ChannelHandlerContext, error: any Error) {
    finish(error)
    context.close(promise: nil)
  }

  private func open() {
    guard !isOpened else { return }
    isOpened = true
    opened()
    if !isTLS { start() }
  }

  private func start() {
    guard madeSession == nil, !isFinished else { return }
    do throws(HTTP2SessionError) {
      madeSession = try HTTP2Session(role: role, settings: settings, delegate: self)
      connected()
      sessionHasOutput()
    } catch {
      finish(error)
      context?.close(promise: nil)
    }
  }

  /// After a broken protocol: says why, as far as the session can, and closes.
  private func fail(_ error: HTTP2SessionError) {
    if let context, let session = madeSession {
      var last = ByteBuffer()
      try? session.submitGoAway(error.code, reason: error.debugData)
      try? session.write(into: &last, limit: Self.writeBytesMax)
      if last.readableBytes > 0 { context.writeAndFlush(wrapOutboundOut(last), promise: nil) }
    }
    finish(error)
    closeAfterWrites()
  }

  /// Closes the channel once it has written everything that it was given.
  private func closeAfterWrites() {
    guard let context, !isClosing else { return }
    isClosing = true
    limitClosing()
    let channel = context.channel
    context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in channel.close(promise: nil) }
  }

  /// From now on the peer has so long to take what is written.
  private func limitClosing() {
    guard closingEnd == .max else { return }
    closingEnd = LoopTimers.now.addingClamped(settings.closingTimeout.clampedNanoseconds)
    look(at: deadlineNanoseconds)
  }

  private func finish(_ error: (any Error)?) {
    guard isOpened, !isFinished else { return }
    isFinished = true
    let session = madeSession
    madeSession = nil
    failure = error
    session?.close(.cancel)
    disconnected(error)
  }
}
