public import DMSAPI
public import RPC

extension DMSClient.Orders {
  /// Places many orders, each in a commit of its own, over one stream that resumes after breaks,
  /// and hands over each result as it comes, in the order in which they are done.
  ///
  /// Orders are taken from `requests` as room comes free; a request without a request id is given
  /// one. One bad order never fails another: its error stands in its ``BatchPlacement``. What the
  /// server was too busy for is sent again under its request id, at most as often as the client's
  /// settings allow.
  ///
  /// `onResult` is called for one result at a time; while it runs no others are read. The result of
  /// an order is handed over once and, unless this call throws, for every order. Throws
  /// ``DMSError`` when the stream fails for good, and what `requests` and `onResult` throw; orders
  /// that had no result by then may have been placed: the same request ids settle it.
  public func placeAll<Requests: AsyncSequence & Sendable>(
    _ requests: Requests, options: BatchOptions = BatchOptions(),
    callOptions: CallOptions = CallOptions(),
    onResult: @escaping @Sendable (BatchPlacement) async throws -> Void
  ) async throws -> BatchSummary where Requests.Element == BatchPlaceOrdersRequest {
    let batch = Batch(
      window: BatchWindow(windowMax: options.windowMax, retries: core.settings.retries),
      reconnection: Reconnection(settings: core.settings.retries, firstAnswerMax: core.settings.timeout),
      logger: core.settings.logger, onResult: onResult)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await batch.take(requests) }
      group.addTask { try await batch.run(over: self, callOptions) }
      // The first that throws ends the other.
      for try await _ in group {}
    }
    return batch.summary
  }

  /// Places these orders; see ``placeAll(_:options:callOptions:onResult:)``.
  public func placeAll(
    _ requests: [BatchPlaceOrdersRequest], options: BatchOptions = BatchOptions(),
    callOptions: CallOptions = CallOptions(),
    onResult: @escaping @Sendable (BatchPlacement) async throws -> Void
  ) async throws -> BatchSummary {
    let stream = AsyncStream(BatchPlaceOrdersRequest.self) { continuation in
      for request in requests { continuation.yield(request) }
      continuation.finish()
    }
    return try await placeAll(stream, options: options, callOptions: callOptions, onResult: onResult)
  }
}
