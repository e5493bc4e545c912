internal import Synchronization

/// Holds what a server sent beside its messages; give one to a call's options and read it afterwards.
///
/// It may be read from any thread, during the call too. When the call was sent more than once, it
/// holds what the last attempt received.
public final class CallObserver: Sendable {
  private struct State {
    var initial: Metadata?
    var trailing: Metadata?
    var attempts = 0
    var compressedReplies = 0
  }

  private let state = Mutex(State())

  /// An empty observer, for one call.
  public init() {}

  /// The metadata that came before the first message; nil until it came. Set before the first
  /// message is delivered.
  public var initialMetadata: Metadata? { state.withLock(\.initial) }
  /// The metadata that came with the status; nil until the call ended. Set before its end is delivered.
  public var trailingMetadata: Metadata? { state.withLock(\.trailing) }
  /// How often the call was sent.
  public var attempts: Int { state.withLock(\.attempts) }

  /// How many of the replies that the caller has taken so far came compressed.
  public var compressedReplies: Int { state.withLock(\.compressedReplies) }

  func attemptStarted() {
    state.withLock { state in
      state.initial = nil
      state.trailing = nil
      state.compressedReplies = 0
      state.attempts += 1
    }
  }

  func tookCompressedReply() {
    state.withLock { $0.compressedReplies += 1 }
  }

  func received(initial metadata: Metadata) {
    state.withLock { $0.initial = metadata }
  }

  func received(trailing metadata: Metadata) {
    state.withLock { $0.trailing = metadata }
  }
}
