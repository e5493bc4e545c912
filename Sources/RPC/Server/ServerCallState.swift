/// The stages of a call at the server; pure: each method says what to do next.
///
///     idle → collecting (one request message) ─┐
///        └──────── (a stream of them) ─────────┴→ running → answered → closed
struct ServerCallState {
  private enum Phase {
    case idle
    case collecting(FramedMessage?)
    case running(streamsRequests: Bool)
    case answered
    case closed
  }

  private var phase = Phase.idle
  private var sentHeaders = false

  /// What a message of the client is for.
  enum MessageUse {
    /// It is kept until the client has ended its half.
    case keep
    /// It goes to the handler's stream.
    case deliver
    /// Nothing waits for it any more.
    case ignore
    /// The method takes one message, and this is another.
    case refuse
  }

  /// What the end of the client's half means.
  enum EndUse {
    /// The one message is there: run the handler.
    case start(FramedMessage)
    /// The handler's stream ends.
    case endStream
    /// The method takes one message, and there was none.
    case missing
    case ignore
  }

  /// How an answer leaves.
  enum Answer {
    /// In the first and only header block.
    case trailersOnly
    /// After headers and messages.
    case trailers
    /// There was an answer already, or nobody to get it.
    case ignore
  }

  /// Whether there was an answer, or nobody is left to get one.
  var isOver: Bool {
    switch phase {
    case .answered, .closed: true
    case .idle, .collecting, .running: false
    }
  }

  /// The headers name a method to run; true when its handler starts without waiting for a message.
  mutating func accept(streamsRequests: Bool) -> Bool {
    guard case .idle = phase else { return false }
    phase = streamsRequests ? .running(streamsRequests: true) : .collecting(nil)
    return streamsRequests
  }

  /// A message of the client is complete.
  mutating func receive(_ message: FramedMessage) -> MessageUse {
    switch phase {
    case .collecting(nil):
      phase = .collecting(message)
      return .keep
    case .collecting: return .refuse
    case .running(streamsRequests: true): return .deliver
    case .idle, .running, .answered, .closed: return .ignore
    }
  }

  /// The client has ended its half.
  mutating func requestsEnded() -> EndUse {
    switch phase {
    case .collecting(let message?):
      phase = .running(streamsRequests: false)
      return .start(message)
    case .collecting(nil): return .missing
    case .running(streamsRequests: true): return .endStream
    case .idle, .running, .answered, .closed: return .ignore
    }
  }

  /// The handler has a message for the client; nil when there is nobody to get it, else whether headers go first.
  mutating func send() -> Bool? {
    guard case .running = phase else { return nil }
    defer { sentHeaders = true }
    return !sentHeaders
  }

  /// The call has an outcome; the first one is the answer.
  mutating func answer() -> Answer {
    switch phase {
    case .answered, .closed: return .ignore
    case .idle, .collecting, .running:
      phase = .answered
      return sentHeaders ? .trailers : .trailersOnly
    }
  }

  /// The stream is gone; true when a handler was running for it.
  mutating func close() -> Bool {
    defer { phase = .closed }
    if case .running = phase { return true }
    return false
  }
}
