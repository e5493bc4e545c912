internal import NIOCore

/// One attempt of a call: its stream on one connection.
final class CallAttempt: HTTP2Stream {
  /// How an attempt ended.
  enum Outcome {
    /// With status OK, and with this message if the call is unary.
    case success(ByteBuffer?)
    /// With an error; `isUnprocessed` when the server certainly did nothing for it.
    case failure(RPCError, isUnprocessed: Bool)
  }

  let call: ClientCall
  let connection: ClientConnection

  private var assembler: ResponseAssembler
  private var reply: FramedMessage?
  private var replyCount = 0
  private var hasSent = false
  /// The call has been told how this attempt ended; what follows on the stream is of no interest.
  private(set) var isOver = false

  init(call: ClientCall, connection: ClientConnection) {
    self.call = call
    self.connection = connection
    assembler = ResponseAssembler(messageBytesMax: call.messageBytesMax)
    hasSent = call.request == nil
  }

  /// Gives the attempt up: the call has ended, or goes on elsewhere.
  func abandon() {
    isOver = true
    try? session?.reset(self, .cancel)
  }

  // MARK: Requests

  /// Hands the call's requests to the wire.
  func sendRequests() {
    guard let session else { return }
    if let request = call.request {
      session.send(request, on: self)
      session.end(self)
      return
    }
    call.stream?.willResend(call.keptBytes)
    for message in call.kept { session.send(message, on: self) }
    fetchRequests()
  }

  /// Hands those requests of a stream to the wire that have come since the last time.
  func fetchRequests() {
    guard let session, let stream = call.stream else { return }
    let (messages, areLast) = stream.fetchRequests()
    for message in messages {
      call.keep(message, limit: connection.retryBufferBytes)
      session.send(message, on: self)
    }
    if areLast { call.requestsEnded = true }
    if call.requestsEnded { session.end(self) }
  }

  override func wroteOutgoing(_ count: Int) {
    hasSent = true
    if call.request == nil { call.stream?.sent(count) }
  }

  // MARK: Replies

  /// Gives the server credit for what the reader consumed.
  func returnCredit() {
    guard let session, let credit = call.stream?.fetchCredit(), credit > 0 else { return }
    session.returnCredit(credit, to: self)
  }

  override func receivedHeader(_ known: KnownHeader, name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
    guard !isOver else { return }
    assembler.header(known, name: name, value: value)
  }

  override func receivedHeaders(isTrailers: Bool) {
    guard !isOver else { return }
    if headersTooLarge {
      return finish(RPCError(.resourceExhausted, "the server's headers are over the limit of the client"))
    }
    switch assembler.blockEnded(isEndOfStream: remoteEnded) {
    case .interim:
      break
    case .head(let metadata):
      connection.proven()
      call.observer?.received(initial: metadata)
    case .end(let status):
      connection.proven()
      call.observer?.received(trailing: status.metadata)
      if let error = status.error { return finish(error) }
      finishOK()
    }
  }

  override func receivedData(_ bytes: UnsafeRawBufferPointer) {
    guard !isOver else { return }
    var rest = bytes[...]
    var last: FramedMessage?
    do {
      while let message = try assembler.message(&rest) {
        if let last { deliver(last, credit: 0) }
        last = message
      }
    } catch {
      if let last { deliver(last, credit: 0) }
      return finish(error)
    }
    // A message that is still arriving gets its credit at once, or one larger than the window could never arrive;
    // a complete one gets its credit when it is consumed.
    if let last {
      deliver(last, credit: bytes.count)
    } else {
      session?.returnCredit(bytes.count, to: self)
    }
  }

  override func receivedEnd() {
    guard !isOver else { return }
    finish(ResponseAssembler.missingStatus)
  }

  override func closed(_ code: HTTP2ErrorCode) {
    if !isOver {
      if connection.session == nil {
        finish(connection.lossError, isUnprocessed: !hasSent || isPastGoAway)
      } else if code == .refusedStream || isPastGoAway {
        finish(RPCError(.unavailable, "the server refused the stream"), isUnprocessed: true)
      } else {
        finish(RPCError(code.statusCode, "the server reset the stream: \(code)"))
      }
    }
    connection.streamEnded()
  }

  /// Both halves have ended, or will without more ado.
  private var isComplete: Bool {
    guard remoteEnded, outgoingBytes == 0, case .endStream = ending else { return false }
    return true
  }

  private var isPastGoAway: Bool {
    if let lastStreamID = connection.lastStreamID { id > lastStreamID } else { false }
  }

  private func deliver(_ message: FramedMessage, credit: Int) {
    replyCount += 1
    if let stream = call.stream {
      call.isCommitted = true
      call.letGo()
      if stream.deliver(message, credit: credit) { returnCredit() }
    } else {
      reply = message
    }
  }

  private func finishOK() {
    do {
      try assembler.messagesEnded()
    } catch {
      return finish(error)
    }
    if call.stream == nil, replyCount != 1 {
      let count = replyCount == 0 ? "no message" : "\(replyCount) messages"
      return finish(RPCError(.internal, "the server answered a unary call with \(count)"))
    }
    if reply?.isCompressed == true { call.observer?.tookCompressedReply() }
    do {
      conclude(.success(try reply?.contents(bytesMax: call.messageBytesMax)))
    } catch {
      finish(error.rpcError)
    }
  }

  private func finish(_ error: RPCError, isUnprocessed: Bool = false) {
    conclude(.failure(error, isUnprocessed: isUnprocessed))
  }

  private func conclude(_ outcome: Outcome) {
    isOver = true
    if !isComplete { try? session?.reset(self, .cancel) }
    connection.engine?.attemptEnded(self, outcome)
  }
}

extension ClientCall {
  /// Keeps a request for another attempt, as long as there is room; beyond it the call is committed.
  fileprivate func keep(_ message: FramedMessage, limit: Int) {
    guard !isCommitted else { return }
    keptBytes += message.readableBytes + GRPCPrefix.length
    guard keptBytes <= limit else {
      isCommitted = true
      return letGo()
    }
    kept.append(message)
  }

  /// Lets the kept requests go.
  func letGo() {
    kept = []
    keptBytes = 0
  }
}
