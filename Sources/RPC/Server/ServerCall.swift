internal import NIOCore
internal import Synchronization

/// One call at the server: carries out what its state machine answers, and runs the handler as a task.
///
/// `@unchecked Sendable`: its variables are touched on the connection's event loop alone. The handler's task runs there
/// too (it prefers the loop's executor); what other tasks may call goes through the inbox, the outbox and the executor.
final class ServerCall: HTTP2Stream, @unchecked Sendable {
  private let connection: ServerConnection
  private let server: ServerCore
  private var head = RequestHead()
  private var state = ServerCallState()
  private var reader: FrameReader
  private(set) var context: ServerContext?
  private var task: Task<Void, Never>?
  private var inbox: MessageInbox?
  private var outbox: MessageOutbox?
  private var method: BoundMethod?
  /// How many bytes of the request wait for the rest of it: in its one message, and with what is unfinished.
  private var keptBytes = 0
  private var heldBytes = 0
  /// Whether the rest of the request is of no interest.
  private var dropsData = false
  /// Who is told how the call goes, from its headers to its outcome.
  private var observer: (any MethodObserver)?
  private var started = NIODeadline.uptimeNanoseconds(0)

  init(connection: ServerConnection) {
    self.connection = connection
    self.server = connection.server
    self.reader = FrameReader(messageBytesMax: connection.server.limits.messageBytesMax)
  }

  // MARK: The request arrives

  override func receivedHeader(_ known: KnownHeader, name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
    guard context == nil else { return }
    head.add(known, name: name, value: value, methods: server.methods)
  }

  override func receivedHeaders(isTrailers: Bool) {
    guard !isTrailers, context == nil else { return }
    observe()
    if headersTooLarge {
      let limit = server.limits.headerListBytesMax
      return answer(RPCError(.resourceExhausted, "the request's headers are over the limit of \(limit) bytes"))
    }
    switch head.verdict(methods: server.methods) {
    case .http(let status): answer(httpStatus: status)
    case .refused(let error): answer(error)
    case .call(let method): accept(method)
    }
  }

  override func receivedData(_ bytes: UnsafeRawBufferPointer) {
    guard context != nil, !dropsData else { return }
    var rest = bytes[...]
    do throws(FramingError) {
      while let message = try reader.next(&rest) {
        observer?.messageReceived(bytes: message.readableBytes)
        switch state.receive(message) {
        case .keep: keptBytes = GRPCPrefix.length + message.readableBytes
        case .ignore: break
        case .deliver: inbox?.add(message)
        case .refuse: return answer(RPCError(.internal, "the method takes one message, and more arrived"))
        }
      }
    } catch {
      return abandon(error.rpcError)
    }
    guard holds(keptBytes + reader.unfinishedBytes) else { return }
    if let inbox {
      session?.returnCredit(inbox.received(bytes.count, unfinished: reader.unfinishedBytes), to: self)
    } else if reader.unfinishedBytes > 0 {
      session?.returnCredit(bytes.count, to: self)
    }
  }

  override func receivedEnd() {
    guard context != nil else { return }
    do throws(FramingError) { try reader.end() } catch { return abandon(error.rpcError) }
    switch state.requestsEnded() {
    case .start(let message): run(message)
    case .endStream: inbox?.finish()
    case .missing: answer(RPCError(.internal, "the method takes one message, and none arrived"))
    case .ignore: break
    }
  }

  /// Notes how much of the request is held; false when that is too much for the connection, which ends the call.
  private func holds(_ count: Int) -> Bool {
    guard count != heldBytes else { return true }
    let isBorne = connection.holds(count - heldBytes)
    heldBytes = count
    if !isBorne {
      let limit = server.limits.connectionRequestBytesMax
      abandon(RPCError(.resourceExhausted, "the connection's unfinished requests are over the limit of \(limit) bytes"))
      release()
      dropsData = true
      reader = FrameReader(messageBytesMax: 0)
    }
    return isBorne
  }

  /// The request is held no more.
  private func release() {
    keptBytes = 0
    if heldBytes > 0 { connection.holds(-heldBytes) }
    heldBytes = 0
  }

  private func accept(_ method: BoundMethod) {
    let deadline = head.timeout.map { ContinuousClock.now.advanced(by: $0) }
    let mayCompress = head.acceptsGzip && server.replyCompression != .never
    let context = ServerContext(
      method: method, metadata: head.metadata, deadline: deadline, connection: connection.identity, streamID: id,
      compressionThreshold: mayCompress ? server.compressionThreshold : nil,
      compresses: server.replyCompression == .always)
    reader.allowsCompression = head.sendsGzip
    self.method = method
    self.context = context
    head = RequestHead()
    if let deadline {
      guard deadline > .now else { return deadlineExceeded() }
      connection.watch(deadline)
    }
    if connection.isDraining { context.drain() }
    var streamsRequests = false
    switch method.handler {
    case .unary: break
    case .serverStreaming: makeOutbox()
    case .clientStreaming:
      makeInbox()
      streamsRequests = true
    case .bidirectional:
      makeInbox()
      makeOutbox()
      streamsRequests = true
    }
    if state.accept(streamsRequests: streamsRequests) { run(FramedMessage(ByteBuffer())) }
  }

  private func makeInbox() {
    let executor = connection.executor
    let limits = server.limits
    inbox = MessageInbox(windowBytes: limits.streamWindowBytes) { [weak self] credit in
      executor.execute { [weak self] in
        guard let self else { return }
        self.session?.returnCredit(credit, to: self)
      }
    }
  }

  private func makeOutbox() {
    let executor = connection.executor
    outbox = MessageOutbox(limit: server.limits.responseBufferBytes) { [weak self] in
      executor.execute { [weak self] in self?.sendAccepted() }
    }
  }

  // MARK: The handler runs

  private func run(_ message: FramedMessage) {
    release()
    guard let method, let context else { return }
    let handler = method.handler
    guard server.interceptors.isEmpty else { return runIntercepted(handler, message, context) }
    context.accept()
    let request: ByteBuffer
    do { request = try contents(message, context) } catch { return failed(error) }
    // Each kind's task is written out: what it holds while it is suspended is small then, and an idle stream with it.
    let executor = connection.executor
    switch handler {
    case .unary(let body):
      task = Task(executorPreference: executor) { [self] in
        do { ended(with: try await body(request, context)) } catch { failed(error) }
      }
    case .serverStreaming(let body):
      guard let outbox else { return }
      let writer = writer(outbox, context)
      task = Task(executorPreference: executor) { [self] in
        do {
          try await body(request, writer, context)
          ended(with: nil)
        } catch { failed(error) }
      }
    case .clientStreaming(let body):
      guard let inbox else { return }
      let requests = requests(inbox, context)
      task = Task(executorPreference: executor) { [self] in
        do { ended(with: try await body(requests, context)) } catch { failed(error) }
      }
    case .bidirectional(let body):
      guard let inbox, let outbox else { return }
      let requests = requests(inbox, context)
      let writer = writer(outbox, context)
      task = Task(executorPreference: executor) { [self] in
        do {
          try await body(requests, writer, context)
          ended(with: nil)
        } catch { failed(error) }
      }
    }
  }

  private func runIntercepted(_ handler: ServerMethod.Handler, _ message: FramedMessage, _ context: ServerContext) {
    task = Task(executorPreference: connection.executor) { [self, inbox, outbox] in
      let slot = ReplySlot()
      do {
        try await server.interceptors.run(context) {
          try await self.invoke(handler, message, context, inbox, outbox, slot)
        }
        ended(with: slot.reply.withLock { $0 })
      } catch { failed(error) }
    }
  }

  private func invoke(
    _ handler: ServerMethod.Handler, _ message: FramedMessage, _ context: ServerContext, _ inbox: MessageInbox?,
    _ outbox: MessageOutbox?, _ slot: ReplySlot
  ) async throws {
    if !server.interceptors.decideAcceptance { context.accept() }
    switch handler {
    case .unary(let body):
      slot.fill(try await body(contents(message, context), context))
    case .serverStreaming(let body):
      guard let outbox else { return }
      try await body(contents(message, context), writer(outbox, context), context)
    case .clientStreaming(let body):
      guard let inbox else { return }
      slot.fill(try await body(requests(inbox, context), context))
    case .bidirectional(let body):
      guard let inbox, let outbox else { return }
      try await body(requests(inbox, context), writer(outbox, context), context)
    }
  }

  /// The handler's task is done.
  private func ended(with reply: ByteBuffer?) { taskEnded(.success(reply)) }

  /// The handler's task has failed.
  private func failed(_ error: any Error) { taskEnded(.failure(error)) }

  /// Goes on with what the handler's task came to, from whatever thread. Apart, to keep the frames of tasks small.
  @inline(never) private func taskEnded(_ outcome: Result<ByteBuffer?, any Error>) {
    if connection.executor.inEventLoop {
      handlerEnded(outcome)
    } else {
      connection.executor.execute { self.handlerEnded(outcome) }
    }
  }

  private func requests(_ inbox: MessageInbox, _ context: ServerContext) -> RawRequestStream {
    RawRequestStream(inbox: inbox, context: context, messageBytesMax: server.limits.messageBytesMax)
  }

  /// The message itself. It is inflated no sooner than here, for a handler: not for a caller whom an interceptor refuses.
  private func contents(_ message: FramedMessage, _ context: ServerContext) throws -> ByteBuffer {
    try context.contents(message, bytesMax: server.limits.messageBytesMax)
  }

  private func writer(_ outbox: MessageOutbox, _ context: ServerContext) -> RawResponseWriter {
    let executor = connection.executor
    return RawResponseWriter(outbox: outbox, context: context) { [weak self] in
      executor.execute { [weak self] in self?.sendHeaders() }
    }
  }

  private func handlerEnded(_ outcome: Result<ByteBuffer?, any Error>) {
    task = nil
    switch outcome {
    case .success(let reply):
      guard method?.handler.repliesOnce != true || reply != nil else {
        return answer(RPCError(.internal, "an interceptor ended the call without an answer"))
      }
      sendAccepted()
      complete(reply)
    case .failure(let error) where state.isOver:
      // Most likely what the cancellation made of the handler; nobody waits for it.
      server.log(error, as: .cancelled, context)
    case .failure(let error):
      sendAccepted()
      answer(rpcError(error))
    }
  }

  /// What the client may know of an error; the rest goes to the log.
  private func rpcError(_ error: any Error) -> RPCError {
    switch error {
    case let error as RPCError:
      if let cause = error.cause { server.log(cause, as: error.code, context) }
      return error
    case is CancellationError:
      return RPCError(.cancelled, "the call was cancelled")
    default:
      server.log(error, as: .unknown, context)
      return RPCError(.unknown, "the server failed in an unexpected way; its log has the details")
    }
  }

  // MARK: The response leaves

  private func sendAccepted() {
    guard let outbox, let session else { return }
    for message in outbox.takeAccepted() {
      guard sendHeaders() else { return }
      observer?.messageSent(bytes: message.readableBytes)
      session.send(message, on: self)
    }
  }

  /// Sends the headers if they have not been; false when there is nobody to get them.
  @discardableResult private func sendHeaders() -> Bool {
    guard let session, let needsHeaders = state.send() else { return false }
    if needsHeaders { try? session.respond(self, responseHeaders) }
    return true
  }

  private var responseHeaders: HeaderFields {
    var headers = context?.settlesGzip() == true ? ReplyHeaders.okGzip : ReplyHeaders.ok
    if let metadata = context?.initialMetadata, !metadata.isEmpty { headers.add(metadata) }
    return headers
  }

  /// Answers OK, with the reply of a method that has one.
  private func complete(_ reply: ByteBuffer?) {
    guard let session else { return }
    if let reply, !connection.mayQueue(reply.readableBytes) {
      return answer(RPCError(.resourceExhausted, "the client does not read the replies that wait for it"))
    }
    let answer = state.answer()
    if case .ignore = answer { return }
    if case .trailersOnly = answer { try? session.respond(self, responseHeaders) }
    if let reply {
      let message = context?.framed(reply) ?? FramedMessage(reply)
      observer?.messageSent(bytes: message.readableBytes)
      session.send(message, on: self)
    }
    ended(.ok)
    var trailers = ReplyHeaders.okStatus
    if let metadata = context?.trailers, !metadata.isEmpty { trailers.add(metadata) }
    session.end(self, trailers: trailers)
    finishStreams(RPCError(.cancelled, "the call is over"))
  }

  /// Answers with an error, unless there was an answer.
  private func answer(_ cause: RPCError) {
    guard let session else { return }
    let error = server.completed(cause)
    let way = state.answer()
    if case .ignore = way { return }
    ended(error.code)
    switch way {
    case .ignore:
      return
    case .trailersOnly where context?.initialMetadata.isEmpty ?? true:
      var headers = ReplyHeaders.ok
      headers.add(error, trailers: context?.trailers)
      try? session.respondOnly(self, headers)
    case .trailersOnly:
      try? session.respond(self, responseHeaders)
      fallthrough
    case .trailers:
      var trailers = HeaderFields()
      trailers.add(error, trailers: context?.trailers)
      session.end(self, trailers: trailers)
    }
    finishStreams(error)
  }

  private func answer(httpStatus: String) {
    guard let session, case .trailersOnly = state.answer() else { return }
    ended(StatusCode(httpStatus: Int(httpStatus) ?? 0))
    var headers = HeaderFields()
    headers.add(":status", httpStatus)
    if httpStatus == "405" { headers.add("allow", "POST") }
    try? session.respondOnly(self, headers)
  }

  /// Answers at once with an error although the handler may be running, which is cancelled.
  private func abandon(_ error: RPCError) {
    answer(error)
    task?.cancel()
  }

  /// Answers DEADLINE_EXCEEDED if the deadline has passed; else says when it will.
  func checkDeadline(_ now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
    guard let deadline = context?.deadline else { return nil }
    if deadline > now { return deadline }
    deadlineExceeded()
    return nil
  }

  private func deadlineExceeded() {
    abandon(RPCError(.deadlineExceeded, "the deadline has passed"))
  }

  // MARK: The end

  /// The server is about to shut down.
  func drain() {
    context?.drain()
  }

  /// The server shuts down now.
  func shutDown() {
    abandon(RPCError(.unavailable, "the server is shutting down"))
  }

  override func wroteOutgoing(_ count: Int) {
    if let outbox, outbox.wrote(count) { sendAccepted() }
  }

  override func closed(_ code: HTTP2ErrorCode) {
    if state.close() { task?.cancel() }
    task = nil
    ended(.cancelled)
    release()
    finishStreams(RPCError(.cancelled, "the client gave up the call"))
  }

  // MARK: Who watches

  /// The path that was asked for.
  var path: String { method?.descriptor.path ?? head.method?.descriptor.path ?? head.unknownPath ?? "" }

  var peer: Peer { connection.identity.peer }

  var requestID: String { connection.identity.requestID(id) }

  private func observe() {
    guard observer == nil, let observer = head.method?.observer ?? server.unservedObserver else { return }
    self.observer = observer
    started = .now()
    observer.callStarted()
  }

  /// The call has its outcome; nothing follows for who watches.
  private func ended(_ code: StatusCode) {
    guard let observer = observer.take() else { return }
    observer.callEnded(FinishedCall(self, code: code, nanoseconds: (.now() - started).nanoseconds))
  }

  private func finishStreams(_ error: RPCError) {
    inbox?.finish(error)
    outbox?.finish(error)
  }
}

/// Where the reply of a handler waits while its interceptors finish.
private final class ReplySlot: Sendable {
  let reply = Mutex<ByteBuffer?>(nil)

  func fill(_ reply: ByteBuffer) {
    self.reply.withLock { $0 = reply }
  }
}

extension ServerMethod.Handler {
  /// Whether the handler returns the one message of the response.
  fileprivate var repliesOnce: Bool {
    switch self {
    case .unary, .clientStreaming: true
    case .serverStreaming, .bidirectional: false
    }
  }
}
