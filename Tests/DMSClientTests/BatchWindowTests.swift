import DMSAPI
import DMSClient
import ProtobufC
import RPC
import Testing

@Suite("What a batch of orders sends next")
struct BatchWindowTests {
  private var generator = SeededGenerator()
  private let now = ContinuousClock.now

  private func request(_ id: String) -> BatchPlaceOrdersRequest {
    BatchPlaceOrdersRequest.with { $0.requestID = id }
  }

  private func window(_ ids: [String], windowMax: Int = 3) -> BatchWindow {
    var window = BatchWindow(windowMax: windowMax, retries: .impatient)
    for id in ids { _ = window.admit(request(id)) }
    return window
  }

  private mutating func sent(by window: inout BatchWindow) -> [String] {
    var ids: [String] = []
    while case .send(let request) = window.step(at: now) { ids.append(request.requestID) }
    return ids
  }

  @Test("Orders are sent as they came, each once, and no more than the window holds")
  mutating func order() {
    var window = window(["a", "b", "c"])
    #expect(window.admit(request("d")) == .full)
    #expect(sent(by: &window) == ["a", "b", "c"])
    #expect(window.step(at: now) == .wait)
    guard case .deliver(let done) = window.answered("b", error: nil, at: now, using: &generator) else {
      Issue.record("the result should be delivered")
      return
    }
    #expect(done.requestID == "b")
    #expect(window.admit(request("d")) == .admitted)
    #expect(sent(by: &window) == ["d"])
  }

  @Test("After a break everything without a result is sent again, in its first order")
  mutating func broken() {
    var window = window(["a", "b", "c"])
    _ = sent(by: &window)
    _ = window.answered("b", error: nil, at: now, using: &generator)
    _ = window.admit(request("d"))
    window.broken()
    #expect(sent(by: &window) == ["a", "c", "d"])
  }

  @Test("A result that comes twice, or for an order that was never sent, is ignored")
  mutating func unknownResult() {
    var window = window(["a", "b"])
    _ = window.step(at: now)
    _ = window.answered("a", error: nil, at: now, using: &generator)
    for id in ["a", "b", "zzz", ""] {
      guard case .ignore = window.answered(id, error: nil, at: now, using: &generator) else {
        Issue.record("\(id) should be ignored")
        return
      }
    }
  }

  @Test("What the server was too busy for is sent again after its delay, and not for ever")
  mutating func busy() {
    var settings = RetrySettings.impatient
    settings.attemptsMax = 2
    var window = BatchWindow(windowMax: 3, retries: settings)
    _ = window.admit(request("a"))
    _ = window.step(at: now)
    var error = DMSError(.resourceExhausted, "", reason: .overloaded)
    error.retryDelay = .seconds(2)
    guard case .sendAgain = window.answered("a", error: error, at: now, using: &generator) else {
      Issue.record("the order should be sent again")
      return
    }
    #expect(window.step(at: now) == .pause(until: now + .seconds(2)))
    #expect(window.step(at: now + .seconds(2)) == .send(request("a")))
    guard case .deliver = window.answered("a", error: error, at: now, using: &generator) else {
      Issue.record("the second failure should be delivered")
      return
    }
  }

  @Test("A blocked order is its caller's result")
  mutating func blocked() {
    var window = window(["a"])
    _ = window.step(at: now)
    let error = DMSError(.failedPrecondition, "", reason: .ruleBlocked)
    guard case .deliver = window.answered("a", error: error, at: now, using: &generator) else {
      Issue.record("the failure should be delivered")
      return
    }
  }

  @Test("Two orders under one request id do not go together")
  func duplicate() {
    var window = window(["a"])
    #expect(window.admit(request("a")) == .duplicate)
  }

  @Test("It finishes when every order has its result and no more come")
  mutating func finishing() {
    var window = window(["a"])
    window.inputEnded()
    _ = window.step(at: now)
    #expect(window.step(at: now) == .wait)
    _ = window.answered("a", error: nil, at: now, using: &generator)
    #expect(window.step(at: now) == .finish)
    #expect(window.isComplete)
  }
}
