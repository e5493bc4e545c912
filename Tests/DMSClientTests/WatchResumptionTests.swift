import DMSAPI
import DMSClient
import RPC
import Testing

@Suite("Where a watch goes on")
struct WatchResumptionTests {
  private var generator = SeededGenerator()
  private let start = ContinuousClock.now

  private func resumption(after revision: Int64) -> WatchResumption {
    WatchResumption(
      after: revision, reconnection: Reconnection(settings: .impatient, firstAnswerMax: .seconds(30)))
  }

  @Test("It goes on after the last message, signs of life included")
  mutating func place() throws {
    var watch = resumption(after: 5)
    try watch.received(6)
    try watch.received(6)
    try watch.received(9)
    guard case .reopen = watch.ended(with: DMSError(.unavailable, ""), at: start, using: &generator) else {
      Issue.record("the watch should go on")
      return
    }
    #expect(watch.revision == 9)
  }

  @Test(
    "It goes on after what passes",
    arguments: [
      DMSError(.unavailable, ""), DMSError(.unavailable, "", reason: .watcherTooSlow),
      DMSError(.unavailable, "", reason: .shuttingDown), nil,
    ])
  mutating func passing(_ error: DMSError?) {
    var watch = resumption(after: 0)
    guard case .reopen = watch.ended(with: error, at: start, using: &generator) else {
      Issue.record("the watch should go on")
      return
    }
  }

  @Test(
    "It ends with what does not",
    arguments: [
      DMSError(.outOfRange, "", reason: .revisionCompacted), DMSError(.unauthenticated, ""),
      DMSError(.permissionDenied, ""), DMSError(.unimplemented, ""), DMSError(.cancelled, ""),
    ])
  mutating func lasting(_ error: DMSError) {
    var watch = resumption(after: 0)
    guard case .fail(let failure) = watch.ended(with: error, at: start, using: &generator) else {
      Issue.record("the watch should end")
      return
    }
    #expect(failure.code == error.code)
  }

  @Test("A revision that falls is a fault of the server, not a place to go on from")
  func falling() throws {
    var watch = resumption(after: 5)
    try watch.received(6)
    let error = #expect(throws: DMSError.self) { try watch.received(5) }
    #expect(error?.code == .internal)
    #expect(watch.revision == 6)
  }
}
