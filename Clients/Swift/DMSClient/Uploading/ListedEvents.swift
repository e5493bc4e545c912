public import DMSAPI

/// Events that are all there from the start, such as the lines of a file: the first has sequence 1.
///
/// Given the same events in every run, an upload that is started again goes on where the last one
/// came to, and one that is complete sends nothing.
public struct ListedEvents: InventoryEventSource {
  private let all: [InventoryEvent]

  /// A source of these events; their sequences are set to their places, from 1.
  public init(_ events: [InventoryEvent]) {
    all = events
  }

  /// The events after the first `sequence` ones.
  public func events(after sequence: Int64, limit: Int) -> [InventoryEvent] {
    guard sequence >= 0, limit > 0, sequence < Int64(all.count) else { return [] }
    let start = Int(sequence)
    return (start..<start + min(limit, all.count - start)).map { index in
      var event = all[index]
      event.sequence = Int64(index) + 1
      return event
    }
  }
}
