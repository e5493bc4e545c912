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

  /// Keeps `error` as the write's result, for its caller alone.
  func keep(_ error: any Error) {}

  /// Answers the caller with the result kept.
  func answer() {}

  /// Drops the write if it has not begun, and tells its caller.
  func cancel() {}
}

/// A write whose closure returns `Value`.
final class TypedWriteJob<Value: Sendable>: WriteJob, @unchecked Sendable {
  // `result` is touched by one thread at a time: the caller's before it submits the job, then the writer's.
  private let body: @Sendable (WriteTransaction) throws -> Value
  private let ticket = Ticket<Value>()
  private var result: Result<Value, any Error>?

  init(_ request: WriteRequest, _ body: @escaping @Sendable (WriteTransaction) throws -> Value) {
    self.body = body
    super.init(request)
  }

  /// Notes who waits; false, with the caller answered, when the write is cancelled already.
  func wait(_ continuation: CheckedContinuation<Value, any Error>) -> Bool {
    ticket.wait(continuation)
  }

  override func begin() -> Bool { ticket.begin() }

  override func attempt(_ transaction: WriteTransaction) throws {
    result = .success(try body(transaction))
  }

  override func keep(_ error: any Error) {
    result = .failure(error)
  }

  override func answer() {
    ticket.answer(result ?? .failure(StorageError.closed))
  }

  override func cancel() {
    ticket.cancel()
  }
}
