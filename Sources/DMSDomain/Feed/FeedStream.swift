/// How far a dealer's reporting system has come; what the store keeps of it.
public struct FeedPosition: Hashable, Sendable {
  /// The epoch, from 1. A source that starts its sequences anew counts it up.
  public var epoch: Int64
  /// Grows with every opened stream; only the newest may write.
  public var fence: Int64
  /// The highest sequence of the epoch that is durable or rejected; 0 when there is none.
  public var lastSequence: Int64

  /// A position in an epoch.
  public init(epoch: Int64, fence: Int64, lastSequence: Int64) {
    self.epoch = epoch
    self.fence = fence
    self.lastSequence = lastSequence
  }
}

/// Why a stream ends, or does not begin.
public enum FeedError: Error, Hashable, Sendable {
  /// Epochs count from 1.
  case badEpoch(Int64)
  /// The epoch is lower than the source's last.
  case staleEpoch(asked: Int64, last: Int64)
  /// A new epoch begins with a full snapshot.
  case snapshotRequired(epoch: Int64)
  /// A newer stream of the source has taken over.
  case fenced
  /// A batch holds from 1 to 1,000 events.
  case badBatchSize(Int)
  /// Within a batch sequences count up by 1, from at least 1; this one does not.
  case notConsecutive(index: Int, sequence: Int64)
  /// The stream has not been opened, or has ended.
  case notOpen
  /// The stream has been opened before.
  case alreadyOpen
  /// The source has been opened too often to count.
  case fencesExhausted
}

/// What to do with a batch of events.
public struct FeedPlan: Hashable, Sendable {
  /// Events at the front of the batch that had been sent before: acknowledged, not applied.
  public var duplicateCount: Int
  /// The events of the batch to apply, as indices into it.
  public var fresh: Range<Int>
  /// Where to go on when events are missing before the batch; nothing of it is applied then.
  public var resyncFrom: Int64?
  /// The position once the fresh events are durable.
  public var position: FeedPosition
}

/// A dealer's stock stream: what to answer to each message, given how far its source has come.
///
/// Opened once, then fed batch after batch. The position that it is given must be read in the transaction that applies
/// the batch, and the one that it returns be written there, so that whoever else has written it in between is seen:
/// a newer stream fences this one. A batch after a gap is answered with the sequence expected, and later batches are
/// taken again from there on.
public struct FeedStream: Hashable, Sendable {
  private enum State: Hashable, Sendable {
    case unopened
    case open(epoch: Int64, fence: Int64)
    case ended
  }

  private var state: State = .unopened

  /// A stream that has not been opened.
  public init() {}

  /// Opens the stream, and fences every earlier one of its source.
  ///
  /// `stored` is the source's position, nil when it was never heard of. Returns the position to store and the sequence
  /// after which the dealer goes on. A higher epoch than the stored one does not replace it until its snapshot lands:
  /// only the fence is stored. Throws and ends the stream when the epoch is stale.
  public mutating func open(
    epoch: Int64, stored: FeedPosition?
  ) throws(FeedError) -> (position: FeedPosition, lastSequence: Int64) {
    guard state == .unopened else { throw end(.alreadyOpen) }
    guard epoch >= 1 else { throw end(.badEpoch(epoch)) }
    guard let stored else {
      state = .open(epoch: epoch, fence: 1)
      return (FeedPosition(epoch: epoch, fence: 1, lastSequence: 0), 0)
    }
    guard epoch >= stored.epoch else { throw end(.staleEpoch(asked: epoch, last: stored.epoch)) }
    let (fence, overflow) = stored.fence.addingReportingOverflow(1)
    guard !overflow else { throw end(.fencesExhausted) }
    state = .open(epoch: epoch, fence: fence)
    var position = stored
    position.fence = fence
    return (position, epoch == stored.epoch ? stored.lastSequence : 0)
  }

  /// Plans a batch of movements and sets with these sequences.
  ///
  /// `stored` is the source's position, as the transaction reads it. Throws and ends the stream when it is fenced, when
  /// the epoch is new and no snapshot has opened it, or when the batch itself is out of order.
  public mutating func receive(
    sequences: [Int64], stored: FeedPosition?
  ) throws(FeedError) -> FeedPlan {
    guard case .open(let epoch, let fence) = state else { throw .notOpen }
    guard let stored, stored.fence == fence, stored.epoch <= epoch else { throw end(.fenced) }
    guard stored.epoch == epoch else { throw end(.snapshotRequired(epoch: epoch)) }
    let (first, last) = try range(of: sequences)
    let (expected, overflow) = stored.lastSequence.addingReportingOverflow(1)
    if first > stored.lastSequence, overflow || first != expected {
      return FeedPlan(duplicateCount: 0, fresh: 0..<0, resyncFrom: expected, position: stored)
    }
    // Not past a gap, so every sequence up to the last durable one has been sent before.
    let duplicates = last <= stored.lastSequence ? sequences.count : Int(stored.lastSequence - first + 1)
    var position = stored
    position.lastSequence = max(stored.lastSequence, last)
    return FeedPlan(
      duplicateCount: duplicates, fresh: duplicates..<sequences.count, resyncFrom: nil, position: position)
  }

  /// True until the stream has ended.
  public var isOpen: Bool {
    if case .open = state { true } else { false }
  }

  private mutating func range(of sequences: [Int64]) throws(FeedError) -> (first: Int64, last: Int64) {
    guard let first = sequences.first, let last = sequences.last, sequences.count <= Limits.eventsPerBatchMax else {
      throw end(.badBatchSize(sequences.count))
    }
    guard first >= 1 else { throw end(.notConsecutive(index: 0, sequence: first)) }
    for (index, (before, after)) in zip(sequences, sequences.dropFirst()).enumerated() {
      guard before < .max, after == before + 1 else {
        throw end(.notConsecutive(index: index + 1, sequence: after))
      }
    }
    return (first, last)
  }

  private mutating func end(_ error: FeedError) -> FeedError {
    state = .ended
    return error
  }
}
