internal import RPC

/// Keeps a watch's place over breaks of its stream, and decides whether it goes on.
package struct WatchResumption: Sendable {
  /// What to do about the end of a stream.
  package enum Step: Sendable {
    /// Open it again after the wait, from ``WatchResumption/revision``.
    case reopen(after: Duration)
    /// Hand the error to the caller.
    case fail(DMSError)
  }

  /// Everything up to here has been delivered and, since the next message was asked for, handled.
  package private(set) var revision: Int64
  private var reconnection: Reconnection

  package init(after revision: Int64, reconnection: Reconnection) {
    self.revision = revision
    self.reconnection = reconnection
  }

  /// Notes that a message is about to be delivered. Throws when its revision falls behind what was
  /// delivered: a resume from it would be wrong.
  package mutating func received(_ revision: Int64) throws(DMSError) {
    guard revision >= self.revision else {
      throw DMSError(.internal, "the watch went back from revision \(self.revision) to \(revision)")
    }
    reconnection.answered()
    self.revision = revision
  }

  /// What to do after the stream ended, with an error or without one.
  package mutating func ended(
    with error: DMSError?, at now: ContinuousClock.Instant,
    using generator: inout some RandomNumberGenerator
  ) -> Step {
    // Servers end streams that have grown old; that is no fault of anybody.
    let error = error ?? DMSError(.unavailable, "the server ended the watch")
    if let wait = reconnection.wait(after: error, at: now, using: &generator) {
      return .reopen(after: wait)
    }
    return .fail(error)
  }
}
