import NIOCore
import RPC
import Synchronization
import Testing

@Suite("Queues between the event loop and tasks")
struct MessageStreamTests {
  @Test("Credit for a waiting message is owed until it is taken")
  func credit() {
    var queue = InboxQueue(windowBytes: 400)
    queue.add(message(95))
    #expect(queue.received(100, unfinished: 0) == 0)
    guard case .message = queue.take() else { return #expect(Bool(false), "the message is there") }
    #expect(queue.creditToReturn() == 100)
    #expect(queue.creditToReturn() == 0)
  }

  @Test("A small credit is returned with the next arrival rather than alone")
  func batchedCredit() {
    var queue = InboxQueue(windowBytes: 400)
    var returned: [Int] = []
    for _ in 0..<4 {
      queue.add(message(20))
      returned.append(queue.received(25, unfinished: 0))
      _ = queue.take()
      returned.append(queue.creditToReturn())
    }
    #expect(returned == [0, 0, 25, 0, 25, 0, 25, 0])
  }

  @Test("A message larger than the window is credited while it arrives, if nothing waits before it")
  func largeMessage() {
    var queue = InboxQueue(windowBytes: 400)
    #expect(queue.received(400, unfinished: 400) == 400)
    #expect(queue.received(400, unfinished: 800) == 400)
  }

  @Test("Behind a waiting message nothing is credited, and taking that message frees what follows")
  func heldBack() {
    var queue = InboxQueue(windowBytes: 400)
    queue.add(message(95))
    #expect(queue.received(400, unfinished: 300) == 0)
    _ = queue.take()
    #expect(queue.creditToReturn() == 400)
  }

  @Test("What arrived before the end is read before the end")
  func endAfterMessages() async throws {
    let inbox = MessageInbox(windowBytes: 100) { _ in }
    inbox.add(message(3))
    inbox.finish()
    inbox.add(message(4))
    #expect(try await inbox.next()?.readableBytes == 3)
    #expect(try await inbox.next() == nil)
    #expect(try await inbox.next() == nil)
  }

  @Test("A waiting reader gets the message, the end, or the error")
  func waitingReader() async throws {
    let inbox = MessageInbox(windowBytes: 100) { _ in }
    async let first = inbox.next()
    inbox.add(message(5))
    #expect(try await first?.readableBytes == 5)
    let second = Task { try await inbox.next() }
    inbox.finish(RPCError(.cancelled, "gone"))
    await #expect(throws: RPCError.self) { try await second.value }
  }

  @Test("A cancelled reader stops waiting")
  func cancelledReader() async {
    let inbox = MessageInbox(windowBytes: 100) { _ in }
    let reader = Task { try await inbox.next() }
    reader.cancel()
    await #expect(throws: CancellationError.self) { try await reader.value }
  }

  @Test("A writer waits while the outbox is full, and goes on in order")
  func fullOutbox() async throws {
    let outbox = MessageOutbox(limit: 10) {}
    try await outbox.write(message(20))
    let second = Task { try await outbox.write(message(1)) }
    #expect(outbox.takeAccepted().map(\.readableBytes) == [20])
    while !outbox.wrote(25) { await Task.yield() }
    try await second.value
    #expect(outbox.takeAccepted().map(\.readableBytes) == [1])
  }

  @Test("The end of the stream reaches writers that wait and those that come later")
  func endedOutbox() async throws {
    let outbox = MessageOutbox(limit: 1) {}
    try await outbox.write(message(1))
    let waiting = Task { try await outbox.write(message(1)) }
    outbox.finish(RPCError(.cancelled, "gone"))
    await #expect(throws: RPCError.self) { try await waiting.value }
    await #expect(throws: RPCError.self) { try await outbox.write(message(1)) }
  }

  @Test("A cancelled writer stops waiting, and its message is not sent")
  func cancelledWriter() async throws {
    let outbox = MessageOutbox(limit: 1) {}
    try await outbox.write(message(1))
    let waiting = Task { try await outbox.write(message(2)) }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    _ = outbox.takeAccepted()
    #expect(!outbox.wrote(6))
  }

  @Test("The loop is told once for all messages that it has not fetched")
  func oneSignal() async throws {
    let signals = Mutex(0)
    let outbox = MessageOutbox(limit: 100) { signals.withLock { $0 += 1 } }
    for _ in 0..<3 { try await outbox.write(message(1)) }
    #expect(signals.withLock { $0 } == 1)
    #expect(outbox.takeAccepted().count == 3)
    try await outbox.write(message(1))
    #expect(signals.withLock { $0 } == 2)
  }

  private func message(_ count: Int) -> FramedMessage { FramedMessage(ByteBuffer(repeating: 1, count: count)) }
}
