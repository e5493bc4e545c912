internal import DMSAPI
internal import RPC
internal import Synchronization

/// One upload under way: carries out what its ``UploadWindow`` decides, on one stream after another.
final class Upload: Sendable {
  private struct State {
    var window: UploadWindow
    var reconnection: Reconnection
    var summary = UploadSummary()
  }

  private let open: StreamOpen
  private let source: any InventoryEventSource
  private let onUpdate: @Sendable (UploadUpdate) async throws -> Void
  private let state: Mutex<State>
  /// The window has moved.
  private let moved = ChangeSignal()

  init(
    open: StreamOpen, source: any InventoryEventSource,
    onUpdate: @escaping @Sendable (UploadUpdate) async throws -> Void,
    window: UploadWindow, reconnection: Reconnection
  ) {
    self.open = open
    self.source = source
    self.onUpdate = onUpdate
    state = Mutex(State(window: window, reconnection: reconnection))
  }

  /// What it has come to so far.
  var summary: UploadSummary {
    state.withLock { state in
      var summary = state.summary
      summary.lastSequence = state.window.durable
      return summary
    }
  }

  /// Runs one stream to its end. Returns when everything is durable.
  func exchange(
    _ requests: RequestWriter<StreamInventoryRequest>,
    _ responses: ResponseStream<StreamInventoryResponse>
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await self.read(responses) }
      group.addTask { try await self.send(requests) }
      // The first that throws ends the other.
      for try await _ in group {}
    }
    guard state.withLock({ $0.window.isComplete }) else {
      throw DMSError(.unavailable, "the server ended the stream")
    }
  }

  /// Notes that the stream is gone; the wait before the next one, or nil when there is to be none.
  func broken(by failure: DMSError) -> Duration? {
    state.withLock { state in
      state.window.broken()
      var generator = SystemRandomNumberGenerator()
      let wait = state.reconnection.wait(after: failure, at: .now, using: &generator)
      if wait != nil { state.summary.resumptions += 1 }
      return wait
    }
  }

  /// Tells the caller; what the caller throws ends the upload.
  func tell(_ update: UploadUpdate) async throws(InventoryUploadError) {
    try await own { try await self.onUpdate(update) }
  }

  // MARK: Sending

  private func send(_ requests: RequestWriter<StreamInventoryRequest>) async throws {
    guard await write(.open(open), to: requests) else { return }
    while true {
      let seen = moved.version
      switch state.withLock({ $0.window.step }) {
      case .wait:
        try await moved.wait(since: seen)
      case .finish:
        requests.finish()
        return
      case .fetch(let sequence, let limit):
        var batch = EventBatch()
        batch.events = try await own { try await self.source.events(after: sequence, limit: limit) }
        try state.withLock { try $0.window.sending(batch.events.lazy.map(\.sequence)) }
        if batch.events.isEmpty { continue }
        guard await write(.batch(batch), to: requests) else { return }
      }
    }
  }

  /// Writes a message; false when the stream takes no more. Why is for the reading side to say: the
  /// call's status arrives there.
  private func write(
    _ message: StreamInventoryRequest.MessageOneOf, to requests: RequestWriter<StreamInventoryRequest>
  ) async -> Bool {
    var request = StreamInventoryRequest()
    request.message = message
    do {
      try await requests.write(request)
      return true
    } catch {
      return false
    }
  }

  // MARK: Reading

  private func read(_ responses: ResponseStream<StreamInventoryResponse>) async throws {
    for try await response in responses {
      switch response.message {
      case .opened(let opened)?:
        try await handle(opened)
      case .ack(let ack)?:
        try await handle(ack)
      case .resyncRequired(let resync)?:
        try state.withLock { try $0.window.resyncRequired(expected: resync.expectedSequence) }
        throw DMSError(.unavailable, "the server asks for event \(resync.expectedSequence) again")
      case nil:
        continue
      }
    }
    guard state.withLock({ $0.window.isComplete }) else {
      throw DMSError(.unavailable, "the server ended the stream")
    }
  }

  private func handle(_ opened: StreamOpened) async throws {
    guard opened.lastSequence >= 0 else {
      throw InventoryUploadError.protocolFault("the last durable sequence is \(opened.lastSequence)")
    }
    // The source first: nothing asks it for events before the window is open.
    try await own { try await self.source.resume(after: opened.lastSequence) }
    try await own { try await self.source.acknowledge(through: opened.lastSequence) }
    try state.withLock { state in
      try state.window.opened(last: opened.lastSequence)
      state.reconnection.answered()
    }
    try await tell(.opened(lastSequence: opened.lastSequence))
    moved.notify()
  }

  private func handle(_ ack: EventAck) async throws {
    let (isNews, rejected) = try state.withLock { state in
      // What an earlier answer has covered was counted then.
      let known = state.window.durable
      let isNews = try state.window.acknowledged(last: ack.lastSequence)
      let rejected = ack.rejected.filter { $0.sequence > known }
      if isNews {
        state.reconnection.answered()
        state.summary.appliedCount += Int64(ack.appliedCount)
        state.summary.duplicateCount += Int64(ack.duplicateCount)
        state.summary.rejectedCount += Int64(rejected.count)
      }
      return (isNews, rejected)
    }
    guard isNews else { return }
    try await own { try await self.source.acknowledge(through: ack.lastSequence) }
    if !rejected.isEmpty { try await tell(.rejected(rejected)) }
    try await tell(.acknowledged(lastSequence: ack.lastSequence))
    moved.notify()
  }

  /// Runs the caller's code and marks what it throws as the caller's.
  private func own<Result: Sendable>(
    _ body: @Sendable () async throws -> Result
  ) async throws(InventoryUploadError) -> Result {
    do {
      return try await body()
    } catch let error as InventoryUploadError {
      throw error
    } catch is CancellationError {
      throw .failed(.cancelled(CancellationError()))
    } catch {
      throw .source(error)
    }
  }
}
