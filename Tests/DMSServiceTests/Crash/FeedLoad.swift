import DMSClient
import ProtobufC

/// The events of a dealer's system that never runs out of them, no faster than the other callers get on: about one for
/// each write of theirs.
struct PacedEvents: InventoryEventSource {
  /// How far it may be ahead.
  private static let lead: Int64 = 20
  /// Every so many events one names a product that nobody knows.
  static let rejectedEvery: Int64 = 25

  let load: Load

  func events(after sequence: Int64, limit: Int) async throws -> [InventoryEvent] {
    // Its own acknowledged events count as writes too.
    while !load.isStopping {
      let writes = load.journal.writes.value
      let allowed = writes / 2 + Self.lead
      if allowed > sequence {
        let count = min(allowed - sequence, Int64(min(limit, 10)))
        return (sequence + 1...sequence + count).map(Self.event)
      }
      try await load.journal.writes.reach(writes + 1)
    }
    return []
  }

  func acknowledge(through sequence: Int64) async throws {
    load.journal.streamed(through: sequence)
  }

  /// Whether the event is one that is rejected.
  static func isRejected(_ sequence: Int64) -> Bool {
    sequence.isMultiple(of: rejectedEvery)
  }

  private static func event(_ sequence: Int64) -> InventoryEvent {
    .with {
      $0.sequence = sequence
      $0.eventTime = .with { $0.seconds = 1_700_000_000 + sequence }
      $0.sku = isRejected(sequence) ? "UNKNOWN" : CrashWorld.plenty[Int(sequence) % CrashWorld.plenty.count]
      $0.change = .movement(
        .with {
          $0.kind = .receipt
          $0.quantity = sequence % 7 + 1
        })
    }
  }
}

extension Load {
  /// Streams a dealer's stock until the load is to stop and everything is durable.
  func stream(to client: DMSClient) async throws {
    var options = UploadOptions()
    options.batchMax = 10
    options.windowMax = 40
    let uploader = InventoryUploader(
      client.inventory, dealerID: CrashWorld.reporting, source: CrashWorld.source, options: options)
    _ = try await uploader.run(PacedEvents(load: self))
    ended.add()
  }
}
