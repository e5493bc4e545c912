public import DMSAPI

/// What came of one order of a batch.
public struct BatchPlacement: Sendable {
  /// What was asked for, with its request id.
  public var request: BatchPlaceOrdersRequest
  /// The order as placed, or why it was not.
  public var result: Result<Order, DMSError>

  /// The outcome of `request`.
  public init(request: BatchPlaceOrdersRequest, result: Result<Order, DMSError>) {
    self.request = request
    self.result = result
  }
}

/// What a batch came to.
public struct BatchSummary: Sendable, Hashable {
  /// Orders that were placed.
  public var placedCount = 0
  /// Orders that were not placed.
  public var failedCount = 0
  /// Times that the stream was opened again.
  public var resumptions = 0

  /// Nothing yet.
  public init() {}
}

/// How a batch is sent.
public struct BatchOptions: Sendable, Hashable {
  /// Orders that may be under way without a result, at least 1.
  public var windowMax = 128

  /// The defaults.
  public init() {}
}
