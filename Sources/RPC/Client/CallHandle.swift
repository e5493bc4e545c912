internal import NIOCore

/// A call as its caller's tasks hold it: their side of `CallStream`, and the way to the event loop.
struct CallHandle: Sendable {
  let call: ClientCall
  let engine: ClientEngine

  /// Begins the call.
  func start() {
    engine.executor.execute { [call, engine] in engine.start(call) }
  }

  /// Cancels the call; does nothing when it has ended.
  func cancel() {
    engine.executor.execute { [call, engine] in engine.cancel(call) }
  }

  /// Begins a unary call and waits for its reply.
  func reply() async throws -> ByteBuffer {
    try await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        call.continuation = continuation
        start()
      }
    } onCancel: {
      cancel()
    }.get()
  }

  /// The next reply of a stream; nil after the last.
  func nextReply() async throws -> ByteBuffer? {
    guard let stream = call.stream else { return nil }
    let (result, signal) = stream.read()
    give(signal)
    if let result { return try contents(result.get()) }
    let reply = try await withTaskCancellationHandler {
      await withCheckedContinuation { give(stream.awaitReply($0)) }
    } onCancel: {
      cancel()
    }.get()
    return try contents(reply)
  }

  /// A reply that waited as it came, inflated where the caller takes it; one that cannot be ends the call.
  private func contents(_ reply: FramedMessage?) throws -> ByteBuffer? {
    if reply?.isCompressed == true { call.observer?.tookCompressedReply() }
    do throws(FramingError) {
      return try reply?.contents(bytesMax: call.messageBytesMax)
    } catch {
      cancel()
      throw error.rpcError
    }
  }

  /// Sends a request, plain or as the call's requests are sent; waits while too much is on its way.
  func write(_ message: ByteBuffer, mayCompress: Bool) async throws {
    guard let stream = call.stream else { return }
    guard message.readableBytes <= UInt32.max else {
      throw RPCError(.resourceExhausted, "a message of \(message.readableBytes) bytes cannot be sent")
    }
    let framed = mayCompress ? call.framed(message) : FramedMessage(message)
    let (signal, isFull) = try stream.write(framed).get()
    give(signal)
    guard isFull else { return }
    try await withTaskCancellationHandler {
      await withCheckedContinuation { stream.awaitRoom($0) }
    } onCancel: {
      cancel()
    }.get()
  }

  /// Ends the requests; does nothing when they have ended.
  func finishRequests() {
    if let signal = call.stream?.finishRequests() { give(signal) }
  }

  private func give(_ signal: CallStream.Signal) {
    switch signal {
    case .none: break
    case .requests: engine.executor.execute { [call, engine] in engine.fetchRequests(call) }
    case .credit: engine.executor.execute { [call, engine] in engine.returnCredit(call) }
    }
  }
}
