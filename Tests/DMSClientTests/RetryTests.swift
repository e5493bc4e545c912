import DMSAPI
import DMSClient
import RPC
import Testing

@Suite("When a call is tried again")
struct RetryTests {
  private var generator = SeededGenerator()

  @Test("Waits double up to the bound, each between a half and the whole")
  mutating func backoff() {
    var backoff = Backoff(first: .milliseconds(100), max: .milliseconds(350))
    for whole in [100, 200, 350, 350] {
      let wait = backoff.wait(using: &generator)
      #expect(wait >= .milliseconds(whole) / 2 && wait <= .milliseconds(whole))
    }
    backoff.reset()
    #expect(backoff.wait(using: &generator) <= .milliseconds(100))
  }

  @Test("UNAVAILABLE and OVERLOADED pass; everything else is the caller's")
  mutating func transience() {
    let passing = [
      DMSError(.unavailable, ""), DMSError(.unavailable, "", reason: .outcomeUnknown),
      DMSError(.resourceExhausted, "", reason: .overloaded),
    ]
    for error in passing {
      var loop = RetryLoop(settings: .impatient, isRepeatable: true)
      #expect(loop.wait(after: error, remaining: nil, using: &generator) != nil)
    }
    let lasting = [
      DMSError(.resourceExhausted, "", reason: .limitExceeded), DMSError(.resourceExhausted, ""),
      DMSError(.resourceExhausted, "", reason: .tooManyAttempts), DMSError(.deadlineExceeded, ""),
      DMSError(.aborted, "", reason: .etagMismatch), DMSError(.internal, ""), DMSError(.cancelled, ""),
    ]
    for error in lasting {
      var loop = RetryLoop(settings: .impatient, isRepeatable: true)
      #expect(loop.wait(after: error, remaining: nil, using: &generator) == nil)
    }
  }

  @Test("What stands before the server may name a wait, or forbid another try")
  func pushback() {
    let named = DMSError(RPCError(.unavailable, "", metadata: ["grpc-retry-pushback-ms": "250"]))
    #expect(named.retryDelay == .milliseconds(250))
    #expect(named.isTransient)
    let forbidden = DMSError(RPCError(.unavailable, "", metadata: ["grpc-retry-pushback-ms": "-1"]))
    #expect(!forbidden.isTransient)
  }

  @Test("The tries are counted, and what may not be repeated is not")
  mutating func attempts() {
    var settings = RetrySettings.impatient
    settings.attemptsMax = 3
    var loop = RetryLoop(settings: settings, isRepeatable: true)
    let error = DMSError(.unavailable, "")
    #expect(loop.wait(after: error, remaining: nil, using: &generator) != nil)
    #expect(loop.wait(after: error, remaining: nil, using: &generator) != nil)
    #expect(loop.wait(after: error, remaining: nil, using: &generator) == nil)
    var unsafe = RetryLoop(settings: settings, isRepeatable: false)
    #expect(unsafe.wait(after: error, remaining: nil, using: &generator) == nil)
  }

  @Test("The server's delay is the least, and a wait that uses up the time is not begun")
  mutating func delays() {
    var error = DMSError(.resourceExhausted, "", reason: .overloaded)
    error.retryDelay = .seconds(2)
    var loop = RetryLoop(settings: RetrySettings(), isRepeatable: true)
    let wait = loop.wait(after: error, remaining: .seconds(30), using: &generator)
    #expect(wait.map { $0 >= .seconds(2) } == true)
    #expect(loop.wait(after: error, remaining: .seconds(2), using: &generator) == nil)
  }

  @Test("Retries beyond the burst wait their turn, and beyond that are refused")
  func allowance() {
    let start = ContinuousClock.now
    let allowance = RetryAllowance(burst: 2, perSecond: 4, now: start)
    #expect(allowance.take(at: start) == .zero)
    #expect(allowance.take(at: start) == .zero)
    #expect(allowance.take(at: start) == .milliseconds(250))
    #expect(allowance.take(at: start) == .milliseconds(500))
    #expect(allowance.take(at: start) == nil)
    #expect(allowance.take(at: start + .seconds(1)) == .zero)
  }

  @Test("A client without an allowance retries nothing")
  func noAllowance() {
    #expect(RetryAllowance(burst: 0, perSecond: 0).take() == nil)
  }

  @Test("A stream that never answered is given up; one that did is resumed for ever")
  mutating func reconnection() {
    let start = ContinuousClock.now
    let error = DMSError(.unavailable, "")
    var fresh = Reconnection(settings: .impatient, firstAnswerMax: .seconds(30))
    #expect(fresh.wait(after: error, at: start, using: &generator) != nil)
    #expect(fresh.wait(after: error, at: start + .seconds(31), using: &generator) == nil)
    var proven = Reconnection(settings: .impatient, firstAnswerMax: .seconds(30))
    proven.answered()
    #expect(proven.wait(after: error, at: start, using: &generator) != nil)
    #expect(proven.wait(after: error, at: start + .seconds(100_000), using: &generator) != nil)
  }

  @Test("An outage is measured from its first failure, and an answer ends it")
  mutating func outage() {
    var settings = RetrySettings.impatient
    settings.outageMax = .seconds(60)
    let start = ContinuousClock.now
    let error = DMSError(.unavailable, "")
    var reconnection = Reconnection(settings: settings, firstAnswerMax: .seconds(30))
    reconnection.answered()
    #expect(reconnection.wait(after: error, at: start, using: &generator) != nil)
    #expect(reconnection.wait(after: error, at: start + .seconds(59), using: &generator) != nil)
    reconnection.answered()
    #expect(reconnection.wait(after: error, at: start + .seconds(90), using: &generator) != nil)
    #expect(reconnection.wait(after: error, at: start + .seconds(151), using: &generator) == nil)
  }
}
