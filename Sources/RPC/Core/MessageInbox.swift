internal import DequeModule
internal import NIOCore
internal import Synchronization

/// The messages of one stream between the event loop that receives them and the task that reads them.
///
/// It is bounded by the stream's window: credit for messages is returned as they are taken. The bytes of a message that
/// is still arriving are credited at once while nothing waits before it, so that a message larger than the window
/// arrives all the same.
package final class MessageInbox: Sendable {
  private struct Shared {
    var queue: InboxQueue
    var reader: CheckedContinuation<FramedMessage?, any Error>?
    var isCancelled = false
  }

  private let shared: Mutex<Shared>
  private let returnCredit: @Sendable (Int) -> Void

  /// An inbox for a stream with a window of `windowBytes`. `returnCredit` is called on the reader's thread with a
  /// number of bytes that the peer may send again.
  package init(windowBytes: Int, returnCredit: @escaping @Sendable (Int) -> Void) {
    self.shared = Mutex(Shared(queue: InboxQueue(windowBytes: windowBytes)))
    self.returnCredit = returnCredit
  }

  // MARK: The event loop's side

  /// Adds a message.
  package func add(_ message: FramedMessage) {
    let reader = shared.withLock { shared in
      shared.queue.add(message)
      guard let reader = shared.reader, case .message(let message) = shared.queue.take() else {
        return nil as (CheckedContinuation<FramedMessage?, any Error>, FramedMessage)?
      }
      shared.reader = nil
      return (reader, message)
    }
    if let (reader, message) = reader { reader.resume(returning: message) }
  }

  /// Says that `count` bytes arrived, whose complete messages were added, and that `unfinished` bytes of the next
  /// message are there now; returns how much credit goes back at once.
  package func received(_ count: Int, unfinished: Int) -> Int {
    shared.withLock { $0.queue.received(count, unfinished: unfinished) }
  }

  /// Says that nothing more comes: nil after a proper end, else the error that readers get once they have taken what
  /// arrived before it. Later calls change nothing.
  package func finish(_ error: (any Error)? = nil) {
    let reader = shared.withLock { shared in
      shared.queue.finish(error)
      defer { shared.reader = nil }
      return shared.reader
    }
    if let error { reader?.resume(throwing: error) } else { reader?.resume(returning: nil) }
  }

  // MARK: The reader's side

  /// The next message as it came, or nil after the last one. There is one reader at a time.
  ///
  /// - Throws: what ended the stream, or `CancellationError` when the reading task is cancelled.
  package func next() async throws -> FramedMessage? {
    let (taken, credit) = shared.withLock { ($0.queue.take(), $0.queue.creditToReturn()) }
    if credit > 0 { returnCredit(credit) }
    switch taken {
    case .message(let message): return message
    case .ended(let error):
      if let error { throw error }
      return nil
    case .empty: return try await wait()
    }
  }

  private func wait() async throws -> FramedMessage? {
    try await withTaskCancellationHandler {
      let message = try await withCheckedThrowingContinuation { continuation in
        register(continuation)
      }
      let credit = shared.withLock { $0.queue.creditToReturn() }
      if credit > 0 { returnCredit(credit) }
      return message
    } onCancel: {
      let reader = shared.withLock { shared in
        shared.isCancelled = true
        defer { shared.reader = nil }
        return shared.reader
      }
      reader?.resume(throwing: CancellationError())
    }
  }

  private func register(_ continuation: CheckedContinuation<FramedMessage?, any Error>) {
    let outcome: Result<FramedMessage?, any Error>? = shared.withLock { shared in
      switch shared.queue.take() {
      case .message(let message): return .success(message)
      case .ended(let error): return error.map { .failure($0) } ?? .success(nil)
      case .empty: break
      }
      if shared.isCancelled { return .failure(CancellationError()) }
      if shared.reader != nil { return .failure(RPCError(.internal, "two tasks read one stream at the same time")) }
      shared.reader = continuation
      return nil
    }
    if let outcome { continuation.resume(with: outcome) }
  }
}

/// What an inbox holds, and which credit it owes the peer; a pure state machine.
package struct InboxQueue {
  /// What taking a message gives.
  package enum Taken {
    case message(FramedMessage)
    case empty
    case ended((any Error)?)
  }

  private var messages = Deque<FramedMessage>()
  private var queuedBytes = 0
  private var unfinishedBytes = 0
  private var uncreditedBytes = 0
  private var hasEnded = false
  private var error: (any Error)?
  private let creditBatch: Int

  /// An empty queue for a stream with a window of `windowBytes`.
  package init(windowBytes: Int) {
    creditBatch = max(1, windowBytes / 4)
  }

  /// Adds a message that arrived whole.
  package mutating func add(_ message: FramedMessage) {
    guard !hasEnded else { return }
    messages.append(message)
    queuedBytes += GRPCPrefix.length + message.readableBytes
  }

  /// Counts what arrived, and returns the credit for it that need not wait for the reader.
  package mutating func received(_ count: Int, unfinished: Int) -> Int {
    uncreditedBytes += count
    unfinishedBytes = unfinished
    return settle()
  }

  /// Takes the first message, or says why there is none.
  package mutating func take() -> Taken {
    guard let message = messages.popFirst() else { return hasEnded ? .ended(error) : .empty }
    queuedBytes -= GRPCPrefix.length + message.readableBytes
    return .message(message)
  }

  /// The credit to return after taking: in batches, but at once when the next message waits for it.
  package mutating func creditToReturn() -> Int {
    guard owed >= creditBatch || (queuedBytes == 0 && unfinishedBytes > 0) else { return 0 }
    return settle()
  }

  /// Ends the queue after what it holds.
  package mutating func finish(_ error: (any Error)?) {
    guard !hasEnded else { return }
    hasEnded = true
    self.error = error
  }

  /// What arrived less what waits for the reader.
  private var owed: Int {
    max(0, uncreditedBytes - (queuedBytes > 0 ? queuedBytes + unfinishedBytes : 0))
  }

  private mutating func settle() -> Int {
    let credit = owed
    uncreditedBytes -= credit
    return credit
  }
}
