internal import DequeModule
internal import Synchronization

/// The messages of one stream between the tasks that write them and the event loop that sends them.
///
/// It takes messages while fewer than its limit of bytes wait for the peer's window; a writer that finds it full is
/// suspended with its one message, in order. So it holds at most the limit, one message past it, and one for each
/// suspended writer.
package final class MessageOutbox: Sendable {
  private struct Writer {
    let id: UInt64
    let message: FramedMessage
    let continuation: CheckedContinuation<Void, any Error>
  }

  private struct Shared {
    var accepted: [FramedMessage] = []
    var waitingBytes = 0
    var writers = Deque<Writer>()
    var lastWriter: UInt64 = 0
    var cancelled: Set<UInt64> = []
    var end: (any Error)?
    var hasSignalled = false

    mutating func accept(_ message: FramedMessage) {
      accepted.append(message)
      waitingBytes += GRPCPrefix.length + message.readableBytes
    }

    /// Takes a message if there is room, or says what ended the stream; nil when it is full.
    mutating func attempt(_ message: FramedMessage, limit: Int) -> Attempt? {
      if let end { return .ended(end) }
      guard waitingBytes < limit, writers.isEmpty else { return nil }
      accept(message)
      return .accepted(signal: signals())
    }

    /// Whether the loop has yet to be told.
    mutating func signals() -> Bool {
      defer { hasSignalled = true }
      return !hasSignalled
    }
  }

  private enum Attempt {
    case accepted(signal: Bool)
    case full(writer: UInt64)
    case ended(any Error)
  }

  private let shared = Mutex(Shared())
  private let limit: Int
  private let signal: @Sendable () -> Void

  /// An outbox that is full at `limit` bytes. `signal` is called on a writer's thread when there are messages to
  /// ``takeAccepted()`` and the loop has not been told since it last took.
  package init(limit: Int, signal: @escaping @Sendable () -> Void) {
    self.limit = limit
    self.signal = signal
  }

  // MARK: The writers' side

  /// Hands a message over, in the order of the calls; suspends while the outbox is full.
  ///
  /// - Throws: what ended the stream, or `CancellationError` when the writing task is cancelled before the message was
  ///   accepted.
  package func write(_ message: FramedMessage) async throws {
    switch try attempt(message) {
    case .accepted(let signals):
      if signals { signal() }
    case .ended(let error):
      throw error
    case .full(let writer):
      try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
          register(Writer(id: writer, message: message, continuation: continuation))
        }
      } onCancel: {
        cancel(writer)
      }
    }
  }

  /// Hands a message over if that can be done at once; false when the outbox is full.
  ///
  /// - Throws: what ended the stream.
  package func accepts(_ message: FramedMessage) throws -> Bool {
    try check(message)
    let attempt: Attempt? = shared.withLock { shared in shared.attempt(message, limit: limit) }
    switch attempt {
    case .accepted(let signals):
      if signals { signal() }
      return true
    case .ended(let error): throw error
    case .full, nil: return false
    }
  }

  private func attempt(_ message: FramedMessage) throws -> Attempt {
    try check(message)
    return shared.withLock { shared in
      if let attempt = shared.attempt(message, limit: limit) { return attempt }
      shared.lastWriter += 1
      return .full(writer: shared.lastWriter)
    }
  }

  private func check(_ message: FramedMessage) throws {
    guard message.readableBytes <= Int(UInt32.max) else {
      throw RPCError(.resourceExhausted, "a message of \(message.readableBytes) bytes does not fit into gRPC's framing")
    }
  }

  private func register(_ writer: Writer) {
    enum Answer {
      case accepted(signal: Bool)
      case failed(any Error)
    }
    let answer: Answer? = shared.withLock { shared in
      if shared.cancelled.remove(writer.id) != nil { return .failed(CancellationError()) }
      if let end = shared.end { return .failed(end) }
      if shared.waitingBytes < limit, shared.writers.isEmpty {
        shared.accept(writer.message)
        return .accepted(signal: shared.signals())
      }
      shared.writers.append(writer)
      return nil
    }
    switch answer {
    case .accepted(let signals):
      if signals { signal() }
      writer.continuation.resume()
    case .failed(let error): writer.continuation.resume(throwing: error)
    case nil: break
    }
  }

  private func cancel(_ id: UInt64) {
    let writer = shared.withLock { shared -> Writer? in
      if let index = shared.writers.firstIndex(where: { $0.id == id }) { return shared.writers.remove(at: index) }
      shared.cancelled.insert(id)
      return nil
    }
    writer?.continuation.resume(throwing: CancellationError())
  }

  // MARK: The event loop's side

  /// The messages accepted since the last call, in order.
  package func takeAccepted() -> [FramedMessage] {
    shared.withLock { shared in
      shared.hasSignalled = false
      defer { shared.accepted = [] }
      return shared.accepted
    }
  }

  /// Says that `count` bytes, prefixes included, have left; lets suspended writers in. True when there are messages to
  /// take.
  package func wrote(_ count: Int) -> Bool {
    var admitted: [Writer] = []
    let hasAccepted = shared.withLock { shared in
      shared.waitingBytes = max(0, shared.waitingBytes - count)
      while shared.waitingBytes < limit, let writer = shared.writers.popFirst() {
        shared.accept(writer.message)
        admitted.append(writer)
      }
      return !shared.accepted.isEmpty
    }
    for writer in admitted { writer.continuation.resume() }
    return hasAccepted
  }

  /// Refuses everything from now on with `error`, suspended writers included. Later calls change nothing.
  package func finish(_ error: any Error) {
    let writers = shared.withLock { shared -> [Writer] in
      guard shared.end == nil else { return [] }
      shared.end = error
      defer { shared.writers.removeAll(keepingCapacity: false) }
      return Array(shared.writers)
    }
    for writer in writers { writer.continuation.resume(throwing: error) }
  }
}
