public import DMSAPI

/// What an upload tells while it runs.
public enum UploadUpdate: Sendable {
  /// The stream is open; everything up to `lastSequence` is durable.
  case opened(lastSequence: Int64)
  /// Everything up to `lastSequence` is durable.
  case acknowledged(lastSequence: Int64)
  /// The server did not apply these events, and never will; the others are not concerned.
  case rejected([RejectedEvent])
  /// The stream broke, and is opened again after the wait.
  case interrupted(DMSError, retryAfter: Duration)
}

/// What an upload came to.
public struct UploadSummary: Sendable, Hashable {
  /// The highest sequence that is durable.
  public var lastSequence: Int64 = 0
  /// Events that were applied, as the server counted them.
  public var appliedCount: Int64 = 0
  /// Events that had been sent before, as the server counted them.
  public var duplicateCount: Int64 = 0
  /// Events that were rejected.
  public var rejectedCount: Int64 = 0
  /// Times that the stream was opened again.
  public var resumptions = 0

  /// Nothing yet.
  public init() {}
}

/// How an upload sends.
public struct UploadOptions: Sendable, Hashable {
  /// Events in a message, 1 to 1,000. Fewer are sent when fewer are at hand: nothing waits for a
  /// batch to fill.
  public var batchMax = 200
  /// Events that may be under way without an acknowledgement.
  public var windowMax = 2_000

  /// The defaults.
  public init() {}
}
