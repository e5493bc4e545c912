import DMSClient
import Testing

@Suite("What an upload sends next")
struct UploadWindowTests {
  private func window(openedAt last: Int64 = 0) throws -> UploadWindow {
    var window = UploadWindow(batchMax: 3, windowMax: 5)
    try window.opened(last: last)
    return window
  }

  @Test("Nothing is sent before the server has said what is durable")
  func closed() {
    #expect(UploadWindow(batchMax: 3, windowMax: 5).step == .wait)
  }

  @Test("It goes on after the server's last durable event, in bounded batches and a bounded window")
  func windowed() throws {
    var window = try window(openedAt: 10)
    #expect(window.step == .fetch(after: 10, limit: 3))
    try window.sending(11...13)
    #expect(window.step == .fetch(after: 13, limit: 2))
    try window.sending(14...15)
    #expect(window.step == .wait)
    #expect(try window.acknowledged(last: 13))
    #expect(window.step == .fetch(after: 15, limit: 3))
  }

  @Test("It finishes once the source has ended and everything is durable")
  func finishing() throws {
    var window = try window()
    try window.sending(1...2)
    try window.sending([])
    #expect(window.step == .wait)
    #expect(!window.isComplete)
    #expect(try window.acknowledged(last: 2))
    #expect(window.step == .finish)
    #expect(window.isComplete)
  }

  @Test("After a break it starts again from what the server holds, whether that is more or less than was known")
  func resuming() throws {
    var window = try window()
    try window.sending(1...3)
    try window.sending(4...5)
    #expect(try window.acknowledged(last: 3))
    window.broken()
    #expect(window.step == .wait)
    var more = window
    try more.opened(last: 5)
    #expect(more.step == .fetch(after: 5, limit: 3))
    var less = window
    try less.opened(last: 1)
    #expect(less.step == .fetch(after: 1, limit: 3))
  }

  @Test("A source that had ended is asked again after a break")
  func endedBeforeBreak() throws {
    var window = try window()
    try window.sending(1...2)
    try window.sending([])
    window.broken()
    try window.opened(last: 1)
    #expect(window.step == .fetch(after: 1, limit: 3))
  }

  @Test("An acknowledgement that comes twice, or late, changes nothing", arguments: [Int64(0), 2, 3])
  func duplicateAcknowledgement(_ last: Int64) throws {
    var window = try window()
    try window.sending(1...3)
    #expect(try window.acknowledged(last: 3))
    #expect(try window.acknowledged(last: last) == false)
    #expect(window.durable == 3)
  }

  @Test(
    "A source that skips or repeats an event is stopped before anything is sent",
    arguments: [[Int64(2)], [1, 3], [1, 1], [0]])
  func brokenSequence(_ sequences: [Int64]) throws {
    var window = try window()
    let error = #expect(throws: InventoryUploadError.self) { try window.sending(sequences) }
    guard case .sequenceBroken? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(window.sent == 0)
  }

  @Test("Answers that make no sense are faults, never traps")
  func nonsense() throws {
    var window = try window()
    #expect(throws: InventoryUploadError.self) { try window.acknowledged(last: 1) }
    #expect(throws: InventoryUploadError.self) { try window.opened(last: 0) }
    var atTheEnd = UploadWindow(batchMax: 3, windowMax: 5)
    try atTheEnd.opened(last: .max)
    #expect(throws: InventoryUploadError.self) { try atTheEnd.sending([Int64.min]) }
    var closed = UploadWindow(batchMax: 0, windowMax: 0)
    #expect(throws: InventoryUploadError.self) { try closed.acknowledged(last: 0) }
  }

  @Test("A server that asks for the same event again and again is given up")
  func endlessResync() throws {
    var window = try window()
    for _ in 1...3 {
      try window.resyncRequired(expected: 1)
      window.broken()
      try window.opened(last: 0)
    }
    #expect(throws: InventoryUploadError.self) { try window.resyncRequired(expected: 1) }
  }

  @Test("Progress forgives earlier resyncs")
  func forgiven() throws {
    var window = try window()
    for round in 1...10 {
      try window.resyncRequired(expected: Int64(round))
      window.broken()
      try window.opened(last: Int64(round))
    }
    #expect(window.durable == 10)
  }
}
