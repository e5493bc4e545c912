internal import DequeModule
internal import NIOCore
internal import Synchronization

/// The messages of one streaming call, between the caller's tasks and the connection's event loop.
///
/// Requests wait here for the wire: past `writeLimit` bytes, writers wait. Replies wait here for the reader, as many
/// as the stream's window let through: what the reader takes becomes credit for the server. All state is in one mutex,
/// and the event loop is told only that there is something to fetch.
final class CallStream: Sendable {
  /// What a caller's step means for the event loop.
  enum Signal {
    /// Nothing, or it has been told already.
    case none
    /// Requests, or their end, are to be fetched.
    case requests
    /// Credit is to be fetched.
    case credit
  }

  typealias Reader = CheckedContinuation<Result<FramedMessage?, RPCError>, Never>
  typealias Writer = CheckedContinuation<Result<Void, RPCError>, Never>

  private struct State {
    var requests: [FramedMessage] = []
    var requestsEnded = false
    var requestsSignalled = false
    var unsentBytes = 0
    var writers: [Writer] = []

    var replies = Deque<(message: FramedMessage, credit: Int)>()
    var reader: Reader?
    var credit = 0
    var creditSignalled = false
    var end: Result<Void, RPCError>?
  }

  private let state = Mutex(State())
  private let writeLimit: Int
  private let creditStep: Int

  /// - Parameters:
  ///   - writeLimit: bytes that may wait for the wire before writers wait.
  ///   - creditStep: credit is handed back in steps of at least this many bytes.
  init(writeLimit: Int, creditStep: Int) {
    self.writeLimit = writeLimit
    self.creditStep = creditStep
  }

  // MARK: The caller's side

  /// Adds a request.
  ///
  /// - Returns: the signal to give, and whether the caller should wait for room before the next.
  func write(_ message: FramedMessage) -> Result<(signal: Signal, isFull: Bool), RPCError> {
    state.withLock { state in
      if let end = state.end { return .failure(Self.writeError(end)) }
      guard !state.requestsEnded else {
        return .failure(RPCError(.failedPrecondition, "the requests of this call have been finished"))
      }
      state.requests.append(message)
      state.unsentBytes += message.readableBytes + GRPCPrefix.length
      return .success((signalRequests(&state), state.unsentBytes >= writeLimit))
    }
  }

  /// Waits until there is room for another request.
  func awaitRoom(_ writer: Writer) {
    let result: Result<Void, RPCError>? = state.withLock { state in
      if let end = state.end { return .failure(Self.writeError(end)) }
      if state.unsentBytes < writeLimit { return .success(()) }
      state.writers.append(writer)
      return nil
    }
    if let result { writer.resume(returning: result) }
  }

  /// No request follows.
  func finishRequests() -> Signal {
    state.withLock { state in
      guard !state.requestsEnded, state.end == nil else { return .none }
      state.requestsEnded = true
      return signalRequests(&state)
    }
  }

  /// The next reply if one is here: nil inside for the end of the replies, nil outside when the caller must wait.
  func read() -> (result: Result<FramedMessage?, RPCError>?, signal: Signal) {
    state.withLock { state in
      if let reply = state.replies.popFirst() {
        state.credit += reply.credit
        return (.success(reply.message), signalCredit(&state))
      }
      return (state.end.map { end in end.map { nil } }, .none)
    }
  }

  /// Waits for the next reply, or for the end.
  func awaitReply(_ reader: Reader) -> Signal {
    let (result, signal): (Result<FramedMessage?, RPCError>?, Signal) = state.withLock { state in
      if let reply = state.replies.popFirst() {
        state.credit += reply.credit
        return (.success(reply.message), signalCredit(&state))
      }
      if let end = state.end { return (end.map { nil }, .none) }
      guard state.reader == nil else {
        return (
          .failure(RPCError(.failedPrecondition, "another task is already reading the replies of this call")), .none
        )
      }
      state.reader = reader
      return (nil, .none)
    }
    if let result { reader.resume(returning: result) }
    return signal
  }

  /// How the call ended; nil while it is under way.
  var end: Result<Void, RPCError>? { state.withLock(\.end) }

  // MARK: The event loop's side

  /// The requests that have come since the last fetch, and whether they are the last.
  func fetchRequests() -> (messages: [FramedMessage], areLast: Bool) {
    state.withLock { state in
      state.requestsSignalled = false
      defer { state.requests.removeAll() }
      return (state.requests, state.requestsEnded)
    }
  }

  /// Bytes went to the wire: writers may go on.
  func sent(_ bytes: Int) {
    let writers: [Writer] = state.withLock { state in
      state.unsentBytes -= bytes
      guard state.unsentBytes < writeLimit, !state.writers.isEmpty else { return [] }
      defer { state.writers.removeAll() }
      return state.writers
    }
    for writer in writers { writer.resume(returning: .success(())) }
  }

  /// An attempt begins with `bytes` of requests that were fetched before; they count as unsent.
  func willResend(_ bytes: Int) {
    state.withLock { state in
      state.unsentBytes = state.requests.reduce(bytes) { $0 + $1.readableBytes + GRPCPrefix.length }
    }
  }

  /// A reply came; `credit` bytes go back to the server once it is consumed.
  ///
  /// - Returns: whether credit is due now, because a reader was waiting.
  func deliver(_ message: FramedMessage, credit: Int) -> Bool {
    let (reader, signal): (Reader?, Signal) = state.withLock { state in
      guard state.end == nil else { return (nil, .none) }
      guard let reader = state.reader.take() else {
        state.replies.append((message, credit))
        return (nil, .none)
      }
      state.credit += credit
      return (reader, signalCredit(&state))
    }
    reader?.resume(returning: .success(message))
    return signal == .credit
  }

  /// The credit that is due since the last fetch.
  func fetchCredit() -> Int {
    state.withLock { state in
      state.creditSignalled = false
      defer { state.credit = 0 }
      return state.credit
    }
  }

  /// The call is over. Replies that came before an OK can still be read; so can those before an error.
  func finish(_ result: Result<Void, RPCError>) {
    let (reader, writers): (Reader?, [Writer]) = state.withLock { state in
      guard state.end == nil else { return (nil, []) }
      state.end = result
      state.requests.removeAll()
      defer { state.writers.removeAll() }
      return (state.reader.take(), state.writers)
    }
    reader?.resume(returning: result.map { nil })
    for writer in writers { writer.resume(returning: .failure(Self.writeError(result))) }
  }

  private func signalRequests(_ state: inout State) -> Signal {
    guard !state.requestsSignalled else { return .none }
    state.requestsSignalled = true
    return .requests
  }

  private func signalCredit(_ state: inout State) -> Signal {
    guard !state.creditSignalled, state.credit >= creditStep else { return .none }
    state.creditSignalled = true
    return .credit
  }

  private static func writeError(_ end: Result<Void, RPCError>) -> RPCError {
    switch end {
    case .success: RPCError(.cancelled, "the server ended the call before it read all requests")
    case .failure(let error): error
    }
  }
}
