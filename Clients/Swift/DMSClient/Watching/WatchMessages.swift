public import DMSAPI

/// A message of a watch's stream. The answers of the Watch methods conform.
public protocol WatchResponse: Sendable {
  /// What is watched.
  associatedtype Resource: Sendable
  /// Resume after this once the message is handled.
  var revision: Int64 { get }
  /// The whole resource at its revision; nil for a sign of life.
  var changedResource: Resource? { get }
}

extension WatchOrdersResponse: WatchResponse {
  /// The order that has changed; nil for a sign of life.
  public var changedResource: Order? {
    if case .order(let order)? = event { order } else { nil }
  }
}

extension WatchInventoryResponse: WatchResponse {
  /// The balance that has changed; nil for a sign of life.
  public var changedResource: StockLevel? {
    if case .level(let level)? = event { level } else { nil }
  }
}

/// Where a watch starts.
public enum WatchStart: Sendable, Hashable {
  /// With the first change after the iteration has begun.
  case now
  /// With the oldest change that the server keeps.
  case oldest
  /// With the first change after a store revision, such as the last one handled in an earlier run.
  case after(revision: Int64)
}

/// What a watch delivers.
public struct WatchMessage<Resource: Sendable>: Sendable {
  /// What it tells.
  public enum Event: Sendable {
    /// The whole resource at its revision.
    case changed(Resource)
    /// Everything up to the message's revision has been delivered.
    case progress
  }

  /// Resume after this once the message is handled: store it with what was made of the message.
  /// Never falls.
  public var revision: Int64
  /// What it tells.
  public var event: Event

  /// The resource that has changed; nil for a sign of life.
  public var resource: Resource? {
    if case .changed(let resource) = event { resource } else { nil }
  }

  /// A message at `revision`.
  public init(revision: Int64, event: Event) {
    self.revision = revision
    self.event = event
  }
}

extension WatchMessage: Equatable where Resource: Equatable {}
extension WatchMessage.Event: Equatable where Resource: Equatable {}
