/// A write that waits for its turn, runs, and is answered; without the type of its result.
///
/// After ``WriteQueue/submit(_:)`` the writer's thread alone uses it, but for ``cancel()``, which may come from anywhere.
class WriteJob: @unchecked Sendable {  // Only the writer's thread touches the result that subclasses keep.
  final let request: WriteRequest

  init(_ request: WriteRequest) {
    self.request = request
  }

  /// Claims the write for running; false when it was cancelled before.
  func begin() -> Bool { false }

  /// Runs the closure and keeps its result. May be called again: the last result counts.
  func attempt(_ transaction: WriteTransaction) throws {}

  /// Whether the result waits for the write's revision.
  var needsRevision: Bool { false }

  /// Completes the result when the batch is about to be committed, with the write's revision if it has one. May be
  /// called again after another attempt.
  func complete(revision: Int64?) throws {}

  /// Keeps `error` as the write's result, for its caller alone.
  func keep(_ error: any Error) {}

  /// Answers the caller with the result kept.
  func answer() {}

  /// Drops the write if it has not begun, and tells its caller.
  func cancel() {}
}

/// What a write's closure returns.
package enum WriteResult<Value> {
  /// The value.
  case value(Value)
  /// The value, made once the write's revision is known: on a database that several servers share, as the last thing
  /// before the commit. The closure must be quick, and what it throws makes the batch run again, write by write.
  case late((_ revision: Int64) throws -> Value)
  /// The value, made after those of the writes before it in the batch, of which it is a repeat.
  case sealed(() throws -> Value)

  /// The result with another value made of its own.
  func map<Other>(_ transform: @escaping (Value) -> Other) -> WriteResult<Other> {
    switch self {
    case .value(let value): .value(transform(value))
    case .late(let make): .late { revision in transform(try make(revision)) }
    case .sealed(let make): .sealed { transform(try make()) }
    }
  }
}

/// A write whose closure returns `Value`.
final class TypedWriteJob<Value: Sendable>: WriteJob, @unchecked Sendable {
  // `result` and `late` are touched by one thread at a time: the caller's before it submits the job, then the writer's.
  private let body: @Sendable (WriteTransaction) throws -> WriteResult<Value>
  private let ticket = Ticket<Value>()
  private var result: Result<Value, any Error>?
  private var late: WriteResult<Value>?

  init(_ request: WriteRequest, _ body: @escaping @Sendable (WriteTransaction) throws -> WriteResult<Value>) {
    self.body = body
    super.init(request)
  }

  /// Notes who waits; false, with the caller answered, when the write is cancelled already.
  func wait(_ continuation: CheckedContinuation<Value, any Error>) -> Bool {
    ticket.wait(continuation)
  }

  override func begin() -> Bool { ticket.begin() }

  override func attempt(_ transaction: WriteTransaction) throws {
    result = nil
    late = try body(transaction)
  }

  override var needsRevision: Bool {
    if case .late = late { true } else { false }
  }

  override func complete(revision: Int64?) throws {
    switch late {
    case .value(let value): result = .success(value)
    case .late(let make): result = .success(try make(revision ?? 0))
    case .sealed(let make): result = .success(try make())
    case nil: break
    }
  }

  override func keep(_ error: any Error) {
    late = nil
    result = .failure(error)
  }

  override func answer() {
    ticket.answer(result ?? .failure(StorageError.closed))
  }

  override func cancel() {
    ticket.cancel()
  }
}
