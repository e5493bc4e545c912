import DMSAPI
import DMSClient
import ProtobufC
import Testing

@Suite("Sources of events")
struct EventSourceTests {
  private func event(_ sku: String) -> InventoryEvent {
    InventoryEvent.with { $0.sku = sku }
  }

  @Test("Listed events have their places as sequences, and end")
  func listed() {
    let source = ListedEvents(["a", "b", "c"].map(event))
    #expect(source.events(after: 0, limit: 2).map(\.sequence) == [1, 2])
    #expect(source.events(after: 2, limit: 2).map(\.sku) == ["c"])
    #expect(source.events(after: 3, limit: 2).isEmpty)
    #expect(source.events(after: .max, limit: 2).isEmpty)
    #expect(source.events(after: -1, limit: 2).isEmpty)
    #expect(source.events(after: 1, limit: .max).count == 2)
  }

  @Test("Buffered events go on from the server's last sequence, and can be had again until acknowledged")
  func buffered() async throws {
    let buffer = BufferedEvents()
    for sku in ["a", "b", "c"] { try await buffer.append(event(sku)) }
    try await buffer.resume(after: 41)
    #expect(try await buffer.events(after: 41, limit: 2).map(\.sequence) == [42, 43])
    #expect(try await buffer.events(after: 43, limit: 9).map(\.sku) == ["c"])
    await buffer.acknowledge(through: 42)
    try await buffer.resume(after: 42)
    #expect(try await buffer.events(after: 42, limit: 9).map(\.sku) == ["b", "c"])
    #expect(buffer.count == 2)
    await buffer.acknowledge(through: 44)
    await buffer.acknowledge(through: 43)
    #expect(buffer.count == 0)
  }

  @Test("A full buffer holds up who hands over, until something is acknowledged")
  func full() async throws {
    let buffer = BufferedEvents(capacity: 2)
    try await buffer.resume(after: 0)
    try await buffer.append(event("a"))
    try await buffer.append(event("b"))
    async let third: Void = buffer.append(event("c"))
    #expect(try await buffer.events(after: 0, limit: 9).map(\.sku) == ["a", "b"])
    await buffer.acknowledge(through: 1)
    try await third
    #expect(try await buffer.events(after: 1, limit: 9).map(\.sku) == ["b", "c"])
  }

  @Test("A wait for events ends when one comes, when all is handed over, and when it is cancelled")
  func waiting() async throws {
    let buffer = BufferedEvents()
    try await buffer.resume(after: 0)
    async let first = buffer.events(after: 0, limit: 9)
    try await buffer.append(event("a"))
    #expect(try await first.count == 1)
    async let last = buffer.events(after: 1, limit: 9)
    buffer.finish()
    #expect(try await last.isEmpty)
    await #expect(throws: BufferedEventsError.finished) { try await buffer.append(event("b")) }

    let idle = BufferedEvents()
    try await idle.resume(after: 0)
    let waiter = Task { try await idle.events(after: 0, limit: 9) }
    waiter.cancel()
    await #expect(throws: CancellationError.self) { try await waiter.value }
  }

  @Test("The end of the upload frees who waits, with the reason")
  func ended() async throws {
    let buffer = BufferedEvents(capacity: 1)
    try await buffer.append(event("a"))
    let second = Task { try await buffer.append(event("b")) }
    await buffer.uploadEnded(with: .protocolFault("x"))
    await #expect(throws: InventoryUploadError.self) { try await second.value }
  }

  @Test("A server that was put back, or that another upload has fed, is not silently served")
  func foreign() async throws {
    let buffer = BufferedEvents()
    try await buffer.resume(after: 0)
    for sku in ["a", "b"] { try await buffer.append(event(sku)) }
    await buffer.acknowledge(through: 2)
    let gone = await #expect(throws: InventoryUploadError.self) { try await buffer.resume(after: 1) }
    guard case .eventsGone(needed: 2, oldest: 3)? = gone else {
      Issue.record("\(String(describing: gone))")
      return
    }
    let overtaken = await #expect(throws: InventoryUploadError.self) { try await buffer.resume(after: 9) }
    guard case .overtaken(lastSequence: 9)? = overtaken else {
      Issue.record("\(String(describing: overtaken))")
      return
    }
  }
}
