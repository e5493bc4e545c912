internal import DMSAPI
internal import Logging
internal import RPC
internal import Synchronization

/// One batch under way: carries out what its ``BatchWindow`` decides, on one stream after another.
final class Batch: Sendable {
  private struct State {
    var window: BatchWindow
    var reconnection: Reconnection
    var summary = BatchSummary()
  }

  private let onResult: @Sendable (BatchPlacement) async throws -> Void
  private let logger: Logger
  private let state: Mutex<State>
  /// An order has come in or has its result.
  private let moved = ChangeSignal()

  init(
    window: BatchWindow, reconnection: Reconnection, logger: Logger,
    onResult: @escaping @Sendable (BatchPlacement) async throws -> Void
  ) {
    self.onResult = onResult
    self.logger = logger
    state = Mutex(State(window: window, reconnection: reconnection))
  }

  /// What it has come to so far.
  var summary: BatchSummary {
    state.withLock { $0.summary }
  }

  /// Takes every order in, waiting while the window is full.
  func take<Requests: AsyncSequence>(
    _ requests: Requests
  ) async throws where Requests.Element == BatchPlaceOrdersRequest {
    for try await request in requests {
      try await admit(request.identified())
    }
    state.withLock { $0.window.inputEnded() }
    moved.notify()
  }

  private func admit(_ request: BatchPlaceOrdersRequest) async throws {
    while true {
      let seen = moved.version
      switch state.withLock({ $0.window.admit(request) }) {
      case .admitted:
        moved.notify()
        return
      case .full:
        try await moved.wait(since: seen)
      case .duplicate:
        var error = DMSError(
          .alreadyExists, "an order with the same request id is under way", reason: .requestIDReused)
        error.requestID = request.requestID
        throw error
      }
    }
  }

  /// Runs streams until every order has its result.
  func run(over orders: DMSClient.Orders, _ options: CallOptions) async throws {
    try await waitForFirst()
    while !state.withLock({ $0.window.isComplete }) {
      do {
        try await orders.batchPlaceOrders(options: options) { requests, responses in
          try await self.exchange(requests, responses)
        }
      } catch let error as BrokenOff {
        throw error.cause
      } catch {
        let failure = DMSError(error)
        guard let wait = broken(by: failure) else { throw failure }
        logger.info("A batch is resumed", metadata: ["after": "\(wait)", "error": "\(failure)"])
        try await Task.sleep(for: wait)
      }
    }
  }

  /// No stream is opened for a batch of nothing.
  private func waitForFirst() async throws {
    while true {
      let seen = moved.version
      if state.withLock({ $0.window.count > 0 || $0.window.isComplete }) { return }
      try await moved.wait(since: seen)
    }
  }

  private func broken(by failure: DMSError) -> Duration? {
    state.withLock { state in
      state.window.broken()
      var generator = SystemRandomNumberGenerator()
      let wait = state.reconnection.wait(after: failure, at: .now, using: &generator)
      if wait != nil { state.summary.resumptions += 1 }
      return wait
    }
  }

  private func exchange(
    _ requests: RequestWriter<BatchPlaceOrdersRequest>,
    _ responses: ResponseStream<BatchPlaceOrdersResponse>
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await self.read(responses) }
      group.addTask { try await self.send(requests) }
      // The first that throws ends the other.
      for try await _ in group {}
    }
  }

  private func send(_ requests: RequestWriter<BatchPlaceOrdersRequest>) async throws {
    while true {
      let seen = moved.version
      switch state.withLock({ $0.window.step(at: .now) }) {
      case .send(let request):
        // Why a stream takes no more is for the reading side to say.
        do { try await requests.write(request) } catch { return }
      case .pause(let until):
        try await Task.sleep(until: until)
      case .wait:
        try await moved.wait(since: seen)
      case .finish:
        requests.finish()
        return
      }
    }
  }

  private func read(_ responses: ResponseStream<BatchPlaceOrdersResponse>) async throws {
    for try await response in responses {
      let placement = placement(of: response)
      moved.notify()
      guard let placement else { continue }
      do {
        try await onResult(placement)
      } catch {
        throw BrokenOff(cause: error)
      }
    }
    guard state.withLock({ $0.window.isComplete }) else {
      throw DMSError(.unavailable, "the server ended the stream")
    }
  }

  /// What is to be handed over for a result; nil when it was known, or when the order is sent again.
  private func placement(of response: BatchPlaceOrdersResponse) -> BatchPlacement? {
    let result: Result<Order, DMSError>
    switch response.result {
    case .order(let order)?:
      result = .success(order)
    case .error(let status)?:
      result = .failure(DMSError(status, requestID: response.requestID))
    case nil:
      result = .failure(DMSError(.internal, "the server answered with neither an order nor an error"))
    }
    var error: DMSError?
    if case .failure(let failure) = result { error = failure }
    return state.withLock { state in
      state.reconnection.answered()
      var generator = SystemRandomNumberGenerator()
      switch state.window.answered(response.requestID, error: error, at: .now, using: &generator) {
      case .ignore, .sendAgain:
        return nil
      case .deliver(let request):
        if error == nil { state.summary.placedCount += 1 } else { state.summary.failedCount += 1 }
        return BatchPlacement(request: request, result: result)
      }
    }
  }

  /// What the caller's own code threw; it ends the batch.
  private struct BrokenOff: Error {
    let cause: any Error
  }
}
