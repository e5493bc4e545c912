import NIOCore
import Testing

@testable import RPC

@Suite("A client's target")
struct TargetTests {
  @Test(
    "Texts name targets",
    arguments: [
      ("dms.example:443", "dms.example:443"), ("dms.example", "dms.example:50051"), ("127.0.0.1:1", "127.0.0.1:1"),
      ("[::1]:7", "[::1]:7"), ("::1", "[::1]:50051"), ("[::1]", "[::1]:50051"),
      ("fe80::1%eth0", "[fe80::1%eth0]:50051"),
      ("::ffff:10.0.0.1", "[::ffff:10.0.0.1]:50051"), ("dns:///a.example:9", "a.example:9"),
      ("unix:////run/dms.sock", "unix:////run/dms.sock"), ("unix:/run/dms.sock", "unix:/run/dms.sock"),
      ("unix:///run/dms.sock", "unix:/run/dms.sock"),
      ("a:1,b:2", "a:1,b:2"),
    ])
  func parsing(text: String, meaning: String) throws {
    #expect(try Target(parsing: text, defaultPort: 50_051).description == meaning)
  }

  @Test(
    "Texts that name none are refused",
    arguments: [
      "", ":1", "a:", "a:0", "a:65536", "a:b", "a,,b", "unix:", "[::1", "[::1]x", "a b:1", "http://a/",
      "a:99999999999999999999", "a:+5", "a:٣", "a[b", "a]:1", "[a]b]:1", "x:y:z", "localhost::1]x", "[x:y]:1",
      "post\u{600}:1", "bücher.example:1",
    ])
  func malformed(text: String) {
    #expect(throws: TargetError.self) { try Target(parsing: text, defaultPort: 1) }
  }
}

@Suite("A client's waits and retries")
struct RetryTests {
  @Test("Waits grow to a ceiling, with jitter that a seed determines")
  func backoff() {
    let policy = BackoffPolicy(initial: .milliseconds(100), multiplier: 2, maximum: .seconds(1), jitter: 0)
    var generator = SeededGenerator(seed: 1)
    let waits = (1...6).map { policy.delay(afterFailures: $0, using: &generator) }
    #expect(
      waits == [
        .milliseconds(100), .milliseconds(200), .milliseconds(400), .milliseconds(800), .seconds(1), .seconds(1),
      ])

    var spread = policy
    spread.jitter = 0.2
    var one = SeededGenerator(seed: 5)
    var two = SeededGenerator(seed: 5)
    for failures in [1, 3, 100, .max] {
      let wait = spread.delay(afterFailures: failures, using: &one)
      #expect(wait == spread.delay(afterFailures: failures, using: &two))
      let middle = policy.delay(afterFailures: failures, using: &generator)
      #expect(wait >= middle * 0.79 && wait <= middle * 1.21)
    }
  }

  @Test("Odd policies neither trap nor hang")
  func oddBackoff() {
    var generator = SeededGenerator(seed: 1)
    for multiplier in [0, 1, .nan, .infinity, -3] {
      let policy = BackoffPolicy(
        initial: .seconds(Int64.max), multiplier: multiplier, maximum: .seconds(Int64.max), jitter: .nan)
      #expect(policy.delay(afterFailures: .max, using: &generator) > .zero)
    }
    #expect(
      BackoffPolicy(initial: .seconds(-1), maximum: .seconds(-1)).delay(afterFailures: 0, using: &generator) == .zero)
  }

  @Test("The budget allows retries while more than half is left, and successes refill it")
  func budget() {
    var budget = RetryBudget(maxTokens: 10, tokensPerSuccess: 0.5)
    #expect((0..<6).map { _ in budget.recordFailure() } == [true, true, true, true, false, false])
    for _ in 0..<6 { budget.recordSuccess() }
    #expect(budget.recordFailure() == true)
    for _ in 0..<1_000 { budget.recordSuccess() }
    #expect((0..<5).map { _ in budget.recordFailure() } == [true, true, true, true, false])
  }

  private func decide(
    _ state: inout RetryState, _ failure: RetryState.Failure, isSafe: Bool = true, isCommitted: Bool = false,
    policy: RetryPolicy = RetryPolicy(maxAttempts: 3)
  ) -> RetryState.Decision {
    var budget = RetryBudget()
    var generator = SeededGenerator(seed: 1)
    return state.attemptFailed(
      failure, policy: policy, isSafe: isSafe, isCommitted: isCommitted, budget: &budget, using: &generator)
  }

  @Test(
    "What the server did not process is sent again whatever the method: once at once, then with waits, without counting"
  )
  func unprocessed() {
    var state = RetryState()
    #expect(decide(&state, .unprocessed, isSafe: false, policy: .none) == .sendAgain)
    for _ in 1..<RetryState.maxUnprocessed {
      guard case .retry = decide(&state, .unprocessed, isSafe: false, policy: .none) else {
        Issue.record("not tried again")
        return
      }
    }
    #expect(decide(&state, .unprocessed, isSafe: false, policy: .none) == .fail)
    #expect(state.previousAttempts == 0)
  }

  @Test("A call that found no connection is tried again whatever the method, as often as the policy allows")
  func unreachable() {
    var state = RetryState()
    for _ in 0..<2 {
      guard case .retry = decide(&state, .unreachable, isSafe: false) else {
        Issue.record("not tried again")
        return
      }
    }
    #expect(decide(&state, .unreachable, isSafe: false) == .fail)
    #expect(state.previousAttempts == 2)
  }

  @Test("A server that forbids another attempt is obeyed, and one that names a wait starts the client's own waits anew")
  func wishes() {
    let policy = RetryPolicy(
      maxAttempts: 9,
      backoff: BackoffPolicy(initial: .milliseconds(100), multiplier: 10, maximum: .seconds(60), jitter: 0))
    var state = RetryState()
    #expect(decide(&state, .unavailable(.unsaid), policy: policy) == .retry(after: .milliseconds(100)))
    #expect(decide(&state, .unavailable(.unsaid), policy: policy) == .retry(after: .seconds(1)))
    #expect(decide(&state, .unavailable(.after(.zero)), policy: policy) == .retry(after: .zero))
    #expect(decide(&state, .unavailable(.unsaid), policy: policy) == .retry(after: .milliseconds(100)))
    #expect(decide(&state, .unavailable(.never), policy: policy) == .fail)
    #expect(state.previousAttempts == 4)
  }

  @Test("Only safe calls are tried again, never those whose reply has begun, nor other errors")
  func safety() {
    var state = RetryState()
    #expect(decide(&state, .unavailable(.unsaid), isSafe: false) == .fail)
    #expect(decide(&state, .unavailable(.unsaid), isCommitted: true) == .fail)
    #expect(decide(&state, .unprocessed, isCommitted: true) == .fail)
    #expect(decide(&state, .other) == .fail)
    #expect(decide(&state, .unavailable(.after(.seconds(3)))) == .retry(after: .seconds(3)))
    #expect(decide(&state, .unavailable(.after(.seconds(31)))) == .fail)
    #expect(decide(&state, .unavailable(.after(.seconds(-1)))) == .retry(after: .zero))
    #expect(decide(&state, .unavailable(.unsaid)) == .fail)
  }
}

@Suite("A client's clocks")
struct ClientClockTests {
  private final class Entry: DeadlineHeapEntry {
    let deadlineNanoseconds: Int64
    var deadlineHeapIndex = -1
    init(_ deadline: Int64) { deadlineNanoseconds = deadline }
  }

  @Test("The heap gives the earliest first, whatever was added and removed", arguments: 1...20 as ClosedRange<UInt64>)
  func heap(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var heap = DeadlineHeap<Entry>()
    var model: [Entry] = []
    for _ in 0..<500 {
      if model.isEmpty || Int.random(in: 0..<3, using: &generator) > 0 {
        let entry = Entry(Int64.random(in: 0..<100, using: &generator))
        heap.insert(entry)
        model.append(entry)
      } else {
        let entry = model.remove(at: Int.random(in: 0..<model.count, using: &generator))
        heap.remove(entry)
        heap.remove(entry)
      }
      #expect(heap.count == model.count)
      #expect(heap.first?.deadlineNanoseconds == model.map(\.deadlineNanoseconds).min())
    }
  }

  @Test("A silent peer is asked, and given up when it does not answer")
  func keepalive() {
    let policy = KeepalivePolicy(interval: .nanoseconds(2_000_000), timeout: .nanoseconds(1_000_000))
    var keepalive = Keepalive(policy, now: 0)
    #expect(keepalive.timerFired(at: 1_000_000, hasCalls: true) == .wait(until: 2_000_000))
    keepalive.received(at: 1_500_000)
    #expect(keepalive.timerFired(at: 2_000_000, hasCalls: true) == .wait(until: 3_500_000))
    #expect(keepalive.timerFired(at: 3_500_000, hasCalls: true) == .ping(lookAgainAt: 4_500_000))
    keepalive.received(at: 4_000_000)
    #expect(keepalive.timerFired(at: 4_500_000, hasCalls: true) == .wait(until: 6_000_000))
    #expect(keepalive.timerFired(at: 6_000_000, hasCalls: true) == .ping(lookAgainAt: 7_000_000))
    #expect(keepalive.timerFired(at: 7_000_000, hasCalls: true) == .giveUp)
  }

  @Test("A peer that answers is asked again after the interval, however long it may take to answer")
  func keepalivePace() {
    let policy = KeepalivePolicy(interval: .nanoseconds(2_000_000), timeout: .seconds(1))
    var keepalive = Keepalive(policy, now: 0)
    #expect(keepalive.timerFired(at: 2_000_000, hasCalls: true) == .ping(lookAgainAt: 4_000_000))
    #expect(keepalive.timerFired(at: 4_000_000, hasCalls: true) == .wait(until: 6_000_000))
    keepalive.received(at: 5_000_000)
    #expect(keepalive.timerFired(at: 6_000_000, hasCalls: true) == .wait(until: 7_000_000))
    #expect(keepalive.timerFired(at: 7_000_000, hasCalls: true) == .ping(lookAgainAt: 9_000_000))
    #expect(keepalive.timerFired(at: 1_006_999_999, hasCalls: true) == .wait(until: 1_007_000_000))
    #expect(keepalive.timerFired(at: 1_007_000_000, hasCalls: true) == .giveUp)
  }

  @Test("Without calls a silent peer is left alone, unless the policy says otherwise")
  func idleKeepalive() {
    var policy = KeepalivePolicy(interval: .milliseconds(2), timeout: .milliseconds(1))
    var quiet = Keepalive(policy, now: 0)
    #expect(quiet.timerFired(at: 5_000_000, hasCalls: false) == .wait(until: 7_000_000))
    policy.pingsWithoutCalls = true
    var busy = Keepalive(policy, now: 0)
    #expect(busy.timerFired(at: 5_000_000, hasCalls: false) == .ping(lookAgainAt: 6_000_000))
  }
}
