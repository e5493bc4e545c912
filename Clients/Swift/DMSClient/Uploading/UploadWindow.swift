/// Keeps an upload's place: what is durable, what is under way, and what to send next. Decides, and
/// does nothing.
package struct UploadWindow: Sendable {
  /// What the sending side does next.
  package enum Step: Sendable, Equatable {
    /// Take events after `sequence` from the source and send them.
    case fetch(after: Int64, limit: Int)
    /// Wait for an answer.
    case wait
    /// Everything is durable: close the sending side.
    case finish
  }

  private let batchMax: Int
  private let windowMax: Int64
  private var isOpen = false
  private var isSourceEnded = false
  /// Highest sequence that is durable or rejected at the server.
  package private(set) var durable: Int64 = 0
  /// Highest sequence sent on the stream that is open.
  package private(set) var sent: Int64 = 0
  /// Resyncs since anything last became durable.
  private var resyncs = 0

  /// A window of at most `windowMax` unacknowledged events in batches of at most `batchMax`.
  package init(batchMax: Int, windowMax: Int) {
    self.batchMax = min(max(batchMax, 1), 1_000)
    self.windowMax = Int64(max(windowMax, 1))
  }

  /// The stream is open, and the server holds everything up to `last`.
  package mutating func opened(last: Int64) throws(InventoryUploadError) {
    guard !isOpen else { throw .protocolFault("the stream was opened twice") }
    isOpen = true
    isSourceEnded = false
    if last > durable { resyncs = 0 }
    durable = last
    sent = last
  }

  /// The stream is gone; what was under way will be sent again.
  package mutating func broken() {
    isOpen = false
    sent = durable
  }

  /// What to do now.
  package var step: Step {
    guard isOpen else { return .wait }
    if isSourceEnded { return durable == sent ? .finish : .wait }
    let room = windowMax - (sent - durable)
    return room > 0 ? .fetch(after: sent, limit: Int(min(Int64(batchMax), room))) : .wait
  }

  /// A batch with these sequences is about to be sent; an empty one means that the source has ended.
  package mutating func sending(_ sequences: some Sequence<Int64>) throws(InventoryUploadError) {
    var last = sent
    for sequence in sequences {
      let (expected, overflow) = last.addingReportingOverflow(1)
      guard !overflow, sequence == expected else {
        throw .sequenceBroken(expected: expected, found: sequence)
      }
      last = sequence
    }
    if last == sent { isSourceEnded = true }
    sent = last
  }

  /// The server says that everything up to `last` is durable; false when that was known.
  package mutating func acknowledged(last: Int64) throws(InventoryUploadError) -> Bool {
    guard isOpen else { throw .protocolFault("events were acknowledged before the stream was open") }
    guard last <= sent else {
      throw .protocolFault("event \(last) was acknowledged, but the last one sent is \(sent)")
    }
    guard last > durable else { return false }
    durable = last
    resyncs = 0
    return true
  }

  /// The server misses events and takes nothing more on this stream. Throws when opening it again
  /// has not helped before.
  package mutating func resyncRequired(expected: Int64) throws(InventoryUploadError) {
    resyncs += 1
    guard resyncs <= 3 else {
      throw .protocolFault("the server still asks for event \(expected) after it was sent three times")
    }
  }

  /// Whether everything that the source had is durable.
  package var isComplete: Bool { isOpen && isSourceEnded && durable == sent }
}
