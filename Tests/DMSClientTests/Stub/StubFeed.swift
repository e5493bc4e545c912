import DMSAPI
import ProtobufC
import RPC
import Synchronization

/// What a server keeps of one dealer's stream, with the faults that a test asks for.
///
/// Everything it holds is durable: it lives as long as the test, over any number of servers.
final class StubFeed: Sendable {
  /// What goes wrong with a batch.
  enum Fault: Sendable {
    /// The stream breaks before the batch is applied.
    case breakBefore
    /// The batch is applied, and the stream breaks before it is acknowledged.
    case breakAfter
    /// The acknowledgement comes twice.
    case acknowledgeTwice
    /// The server asks for the batch again, as if one before it had been lost.
    case resync
    /// A newer stream has taken over.
    case fence
    /// The server ends the stream as if all were well.
    case endEarly
  }

  private struct State {
    var applied: [InventoryEvent] = []
    var batches = 0
    var streams = 0
    var opened: [StreamOpen] = []
  }

  private let faults: [Int: Fault]
  private let rejects: Set<Int64>
  private let state = Mutex(State())

  /// A feed with a fault at each of these batches, counted from 1 over all streams, that rejects
  /// the events with these sequences.
  init(faults: [Int: Fault] = [:], rejects: Set<Int64> = []) {
    self.faults = faults
    self.rejects = rejects
  }

  /// Every event that was applied or rejected, in order.
  var applied: [InventoryEvent] { state.withLock { $0.applied } }

  /// Streams that were opened.
  var streams: Int { state.withLock { $0.streams } }

  /// What the streams were opened with.
  var opened: [StreamOpen] { state.withLock { $0.opened } }

  /// StreamInventory over this feed.
  var service: ServiceDefinition {
    .stub(
      bidirectional(InventoryServiceMethods.streamInventory) { requests, responses in
        try await self.serve(requests, responses)
      })
  }

  private func serve(
    _ requests: RequestStream<StreamInventoryRequest>, _ responses: ResponseWriter<StreamInventoryResponse>
  ) async throws {
    for try await request in requests {
      switch request.message {
      case .open(let open)?:
        let last = state.withLock { state in
          state.streams += 1
          state.opened.append(open)
          return Int64(state.applied.count)
        }
        try await responses.write(.with { $0.message = .opened(.with { $0.lastSequence = last }) })
      case .batch(let batch)?:
        guard try await take(batch, responses) else { return }
      case nil:
        throw RPCError(.invalidArgument, "an empty message")
      }
    }
  }

  /// Takes a batch; false when the stream is to end.
  private func take(
    _ batch: EventBatch, _ responses: ResponseWriter<StreamInventoryResponse>
  ) async throws -> Bool {
    let number = state.withLock { state in
      state.batches += 1
      return state.batches
    }
    let fault = faults[number]
    switch fault {
    case .breakBefore?:
      throw RPCError(.unavailable, "the connection is lost")
    case .fence?:
      throw try serverError(.aborted, reason: "FENCED", message: "a newer stream has taken over")
    case .endEarly?:
      return false
    case .resync?:
      let expected = Int64(state.withLock { $0.applied.count }) + 1
      try await responses.write(.with { $0.message = .resyncRequired(.with { $0.expectedSequence = expected }) })
      return true
    default:
      break
    }
    let ack = apply(batch)
    if case .breakAfter? = fault { throw RPCError(.unavailable, "the connection is lost") }
    try await responses.write(.with { $0.message = .ack(ack) })
    if case .acknowledgeTwice? = fault { try await responses.write(.with { $0.message = .ack(ack) }) }
    return true
  }

  private func apply(_ batch: EventBatch) -> EventAck {
    state.withLock { state in
      var ack = EventAck()
      for event in batch.events {
        let last = Int64(state.applied.count)
        if event.sequence <= last {
          ack.duplicateCount += 1
        } else if event.sequence == last + 1 {
          state.applied.append(event)
          if rejects.contains(event.sequence) {
            ack.rejected.append(
              .with {
                $0.sequence = event.sequence
                $0.reason = "UNKNOWN_SKU"
              })
          } else {
            ack.appliedCount += 1
          }
        }
      }
      ack.lastSequence = Int64(state.applied.count)
      return ack
    }
  }
}
