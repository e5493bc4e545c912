public import DMSAPI

/// Where an upload takes its events from, and where it goes back to after a break.
///
/// A source that outlives the program (a queue on disk, a file whose lines count) makes an upload
/// that survives anything: the server knows what is durable, and the source can tell what comes
/// after. ``ListedEvents`` and ``BufferedEvents`` are sources in memory.
///
/// One upload uses a source at a time; its methods may be called from different tasks, though never
/// two calls of ``events(after:limit:)`` at once.
public protocol InventoryEventSource: Sendable {
  /// Called whenever the stream has been opened: everything up to `sequence` is durable at the
  /// server, and the next call asks for what comes after it. Throws when the source cannot go on
  /// from there.
  func resume(after sequence: Int64) async throws

  /// The next events after `sequence`, at most `limit`, with consecutive sequences from
  /// `sequence + 1`. Waits until there is at least one; empty means that there will be no more.
  /// Throws when its task is cancelled while it waits.
  func events(after sequence: Int64, limit: Int) async throws -> [InventoryEvent]

  /// Everything up to `sequence` is durable or rejected and will not be asked for again, unless the
  /// server is put back to an older state.
  func acknowledge(through sequence: Int64) async throws

  /// The upload has ended; who waits to hand over events need wait no longer. Nil when all is done.
  func uploadEnded(with error: InventoryUploadError?) async
}

extension InventoryEventSource {
  /// Does nothing.
  public func resume(after sequence: Int64) async throws {}

  /// Does nothing.
  public func acknowledge(through sequence: Int64) async throws {}

  /// Does nothing.
  public func uploadEnded(with error: InventoryUploadError?) async {}
}

/// Why an upload ended before its source did.
public enum InventoryUploadError: Error, Sendable {
  /// A newer upload of the same source has taken over. This one must not start again by itself.
  case fenced(DMSError)
  /// The call failed in a way that does not pass, or for longer than allowed.
  case failed(DMSError)
  /// The source, or the closure that is told of the upload, threw this.
  case source(any Error)
  /// The source skipped or repeated a sequence.
  case sequenceBroken(expected: Int64, found: Int64)
  /// The server needs events that the source has let go, because they had been acknowledged: the
  /// server was put back to an older state.
  case eventsGone(needed: Int64, oldest: Int64)
  /// The server holds events up to `lastSequence` that this source never gave: another upload uses
  /// the same source name.
  case overtaken(lastSequence: Int64)
  /// The server's answers make no sense.
  case protocolFault(String)
}

extension InventoryUploadError: CustomStringConvertible {
  /// What happened and what to do about it, as a sentence.
  public var description: String {
    switch self {
    case .fenced(let error):
      "another upload of the same source has taken over: let it run, or stop it first (\(error.message))"
    case .failed(let error):
      "the upload failed: \(error)"
    case .source(let error):
      "the events could not be read: \(error)"
    case .sequenceBroken(let expected, let found):
      "event \(expected) was to come next, but the source gave \(found): sequences count up by one"
    case .eventsGone(let needed, let oldest):
      "the server asks for event \(needed), but the oldest that is kept is \(oldest): start a new epoch"
    case .overtaken(let lastSequence):
      "the server holds events up to \(lastSequence) from another upload: give each system a source name of its own"
    case .protocolFault(let problem):
      "the server's answers make no sense: \(problem)"
    }
  }

  init(_ error: any Error) {
    switch error {
    case let error as InventoryUploadError:
      self = error
    default:
      let error = DMSError(error)
      self = error.reason == .fenced ? .fenced(error) : .failed(error)
    }
  }
}
