public import NIOCore
internal import NIOPosix

/// Makes calls to one target over connections that it opens when they are needed and shares among all callers.
///
/// A call goes to a connection that is ready and has a stream to spare; else it waits for one until its deadline. When
/// nothing can be connected to it fails with UNAVAILABLE, unless it waits for readiness.
///
/// It may be used from any task. Its network work happens on one event loop; a program that needs more makes several
/// clients. `close(grace:)` ends it; a client that is dropped without it is closed at once.
public final class RPCClient: RPCCaller {
  let engine: ClientEngine

  /// A client of `target`. Nothing is connected until the first call.
  ///
  /// - Parameter eventLoopGroup: where one event loop is taken from; nil for the process's own.
  /// - Throws: when the certificates or keys of the configuration cannot be read, or a socket's path is too long.
  public init(
    target: Target, configuration: ClientConfiguration = ClientConfiguration(),
    eventLoopGroup: (any EventLoopGroup)? = nil
  ) throws {
    let group = eventLoopGroup ?? MultiThreadedEventLoopGroup.singleton
    engine = try ClientEngine(target: target, configuration: configuration, eventLoop: group.next())
  }

  deinit {
    engine.executor.execute { [engine] in engine.close(grace: .zero, whenDone: nil) }
  }

  /// Runs tasks on the client's own event loop: calls made from tasks that prefer it cost no change of thread, and
  /// leave in one write. Such tasks must not block.
  public var taskExecutor: any TaskExecutor { engine.executor }

  /// Takes no further calls, lets those under way go on for `grace`, cancels what is left, and closes every
  /// connection. Returns when all of it has happened.
  public func close(grace: Duration = .zero) async {
    await withCheckedContinuation { continuation in
      engine.executor.execute { [engine] in engine.close(grace: grace, whenDone: continuation) }
    }
  }

  // MARK: RPCCaller

  public func unary(
    _ method: MethodDescriptor, _ request: ByteBuffer, options: CallOptions = CallOptions()
  ) async throws -> ByteBuffer {
    try await makeCall(method, request, options).reply()
  }

  public func serverStreaming(
    _ method: MethodDescriptor, _ request: ByteBuffer, options: CallOptions = CallOptions()
  ) -> RawResponseStream {
    RawResponseStream(
      .lazy { [engine] in
        let handle = try await Self.makeCall(engine, method, request, options)
        handle.start()
        return handle
      })
  }

  public func clientStreaming(
    _ method: MethodDescriptor, options: CallOptions = CallOptions(),
    _ body: @Sendable (RawRequestWriter) async throws -> Void
  ) async throws -> ByteBuffer {
    let handle = try await makeCall(method, nil, options)
    return try await withTaskCancellationHandler {
      handle.start()
      do {
        try await body(RawRequestWriter(handle: handle))
      } catch {
        // When the server has answered early, its answer is the result; what became of `body` is its consequence.
        if handle.call.stream?.end == nil || !(error is RPCError) {
          handle.cancel()
          throw error
        }
      }
      handle.finishRequests()
      return try await handle.onlyReply()
    } onCancel: {
      handle.cancel()
    }
  }

  public func bidirectional<Result: Sendable>(
    _ method: MethodDescriptor, options: CallOptions = CallOptions(),
    _ body: (RawRequestWriter, RawResponseStream) async throws -> Result
  ) async throws -> Result {
    let handle = try await makeCall(method, nil, options)
    return try await withTaskCancellationHandler {
      handle.start()
      defer { handle.cancel() }
      return try await body(RawRequestWriter(handle: handle), RawResponseStream(.call(handle)))
    } onCancel: {
      handle.cancel()
    }
  }

  // MARK: Preparation

  private func makeCall(
    _ method: MethodDescriptor, _ request: ByteBuffer?, _ options: CallOptions
  ) async throws -> CallHandle {
    try await Self.makeCall(engine, method, request, options)
  }

  /// Most calls are ready at once; what an interceptor or a token that must be fetched needs beyond that is apart, so
  /// that the frame of every call stays small.
  private static func makeCall(
    _ engine: ClientEngine, _ method: MethodDescriptor, _ request: ByteBuffer?, _ options: CallOptions
  ) async throws -> CallHandle {
    if let request, request.readableBytes > UInt32.max {
      throw RPCError(.resourceExhausted, "a message of \(request.readableBytes) bytes cannot be sent")
    }
    if engine.configuration.interceptors.isEmpty {
      switch engine.configuration.credentials?.source {
      case nil: return handle(engine, method, request, options, options.metadata)
      case .fixed(let credentials):
        return handle(engine, method, request, options, options.metadata.adding(contentsOf: credentials))
      case .made: break
      }
    }
    return try await prepareCall(engine, method, request, options)
  }

  private static func prepareCall(
    _ engine: ClientEngine, _ method: MethodDescriptor, _ request: ByteBuffer?, _ options: CallOptions
  ) async throws -> CallHandle {
    let interceptors = engine.configuration.interceptors
    var context = ClientCallContext(method: method, options: options)
    var started = 0
    if !interceptors.isEmpty { context.begin() }
    do {
      for interceptor in interceptors {
        try await interceptor.callWillStart(&context)
        started += 1
      }
      if let credentials = engine.configuration.credentials {
        context.options.metadata.add(contentsOf: try await credentials.metadata())
      }
    } catch {
      let refusal = error as? RPCError ?? RPCError(.internal, "the call could not be prepared", cause: error)
      for interceptor in interceptors.prefix(started).reversed() {
        interceptor.callDidEnd(context, error: refusal)
      }
      throw refusal
    }
    let handle = handle(engine, method, request, context.options, context.options.metadata)
    if !interceptors.isEmpty {
      let ended = context
      handle.call.whenEnded = { error in
        for interceptor in interceptors.reversed() { interceptor.callDidEnd(ended, error: error) }
      }
    }
    return handle
  }

  @inline(never) private static func handle(
    _ engine: ClientEngine, _ method: MethodDescriptor, _ request: ByteBuffer?, _ options: CallOptions,
    _ metadata: Metadata
  ) -> CallHandle {
    let timeout =
      options.timeout ?? (method.kind.streamsResponses ? nil : engine.configuration.defaultTimeout)
    let deadline = timeout.map { ClientEngine.now.addingClamped($0.clampedNanoseconds) } ?? .max
    let call = ClientCall(
      method: method, options: options, metadata: metadata, request: request, deadline: deadline,
      configuration: engine.configuration)
    return CallHandle(call: call, engine: engine)
  }
}

extension CallHandle {
  /// The one reply of a call that streams its requests.
  fileprivate func onlyReply() async throws -> ByteBuffer {
    guard let reply = try await nextReply() else {
      throw RPCError(.internal, "the server answered a call for one message with none")
    }
    guard try await nextReply() == nil else {
      cancel()
      throw RPCError(.internal, "the server answered a call for one message with several")
    }
    return reply
  }
}
