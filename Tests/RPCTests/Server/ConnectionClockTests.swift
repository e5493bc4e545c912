import Testing

@testable import RPC

@Suite("What a connection is due for")
struct ConnectionClockTests {
  private static let times = ConnectionTimes(
    handshake: 10, unauthenticated: 60, idle: 1000, age: .max, grace: 5, keepaliveInterval: 100, keepaliveTimeout: 20,
    pingIntervalMin: 10, pingStrikesMax: 2)

  private static func clock(_ times: ConnectionTimes = times, jitter: Double = 0) -> ConnectionClock {
    var clock = ConnectionClock(times, now: 0, jitter: jitter)
    clock.greeted()
    return clock
  }

  @Test("Who does not greet in time is closed")
  func handshake() {
    var clock = ConnectionClock(Self.times, now: 0, jitter: 0)
    #expect(clock.next(Self.times, isAccepted: false) == 10)
    #expect(clock.due(at: 9, Self.times, isAccepted: false) == .nothing)
    #expect(clock.due(at: 10, Self.times, isAccepted: false) == .close)
    clock.greeted()
    #expect(clock.due(at: 10, Self.times, isAccepted: false) == .nothing)
  }

  @Test("Who has no call accepted in time is sent away, and ends after the grace")
  func unauthenticated() {
    var clock = Self.clock()
    clock.began()
    #expect(clock.next(Self.times, isAccepted: false) == 60)
    #expect(clock.due(at: 59, Self.times, isAccepted: false) == .nothing)
    #expect(clock.due(at: 60, Self.times, isAccepted: true) == .nothing)
    #expect(clock.next(Self.times, isAccepted: true) == 100)
    #expect(clock.due(at: 60, Self.times, isAccepted: false) == .drain(.unauthenticated))
    clock.draining(at: 60, grace: 5)
    #expect(clock.due(at: 64, Self.times, isAccepted: false) == .nothing)
    #expect(clock.next(Self.times, isAccepted: false) == 65)
    #expect(clock.due(at: 65, Self.times, isAccepted: false) == .endCalls)
    #expect(clock.due(at: 66, Self.times, isAccepted: false) == .nothing)
  }

  @Test("Idle time counts from the end of the last call")
  func idle() {
    var clock = Self.clock()
    clock.received(at: 990)
    #expect(clock.due(at: 999, Self.times, isAccepted: true) == .nothing)
    clock.began()
    clock.received(at: 2000)
    #expect(clock.due(at: 2001, Self.times, isAccepted: true) == .nothing)
    clock.ended(at: 2001)
    clock.received(at: 3000)
    #expect(clock.due(at: 3000, Self.times, isAccepted: true) == .nothing)
    #expect(clock.next(Self.times, isAccepted: true) == 3001)
    #expect(clock.due(at: 3001, Self.times, isAccepted: true) == .drain(.idle))
  }

  @Test(
    "The age varies by a tenth, and ends a busy connection too", arguments: [(-1.0, 9000), (0, 10_000), (1, 11_000)])
  func age(jitter: Double, end: Int64) {
    var times = Self.times
    times.age = 10_000
    var clock = Self.clock(times, jitter: jitter)
    clock.began()
    clock.received(at: end - 1)
    #expect(clock.due(at: end - 1, times, isAccepted: true) == .nothing)
    #expect(clock.next(times, isAccepted: true) == end)
    #expect(clock.due(at: end, times, isAccepted: true) == .drain(.age))
    clock.draining(at: end, grace: times.grace)
    #expect(clock.due(at: end + 4, times, isAccepted: true) == .nothing)
    #expect(clock.due(at: end + 5, times, isAccepted: true) == .endCalls)
  }

  @Test("A silent client is pinged once, and given up when nothing comes back")
  func keepalive() {
    var clock = Self.clock()
    clock.began()
    #expect(clock.due(at: 99, Self.times, isAccepted: true) == .nothing)
    #expect(clock.due(at: 100, Self.times, isAccepted: true) == .ping)
    #expect(clock.next(Self.times, isAccepted: true) == 120)
    #expect(clock.due(at: 119, Self.times, isAccepted: true) == .nothing)
    clock.received(at: 119)
    #expect(clock.next(Self.times, isAccepted: true) == 219)
    #expect(clock.due(at: 219, Self.times, isAccepted: true) == .ping)
    #expect(clock.due(at: 239, Self.times, isAccepted: true) == .giveUp)
  }

  @Test("Without limits nothing is ever due", arguments: [nil, Duration.zero])
  func without(none: Duration?) {
    var limits = ServerLimits()
    limits.unauthenticatedTime = none
    limits.idleTime = none
    limits.connectionAge = none
    limits.keepaliveInterval = none
    let clock = Self.clock(limits.connectionTimes)
    #expect(clock.next(limits.connectionTimes, isAccepted: false) == .max)
  }

  @Test("Pings that come too soon are struck until something is sent")
  func manners() {
    var pings = PingManners()
    #expect([0, 9, 18, 27].map { pings.received(at: $0, Self.times) } == [false, false, false, true])
    pings.forgive()
    #expect([28, 29, 30].map { pings.received(at: $0, Self.times) } == [false, false, false])
    pings = PingManners()
    #expect((0..<1000).allSatisfy { !pings.received(at: $0 * 10, Self.times) })
  }

  @Test("A budget is spent, earned and refilled, never past its burst")
  func budget() {
    func spends(_ budget: inout FrameBudget, at now: Int64) -> Int {
      var count = 0
      while count < 1000, budget.spend(now: { now }) { count += 1 }
      return count
    }
    let second: Int64 = 1_000_000_000
    var budget = FrameBudget(burst: 10, perSecond: 2)
    #expect(spends(&budget, at: second) == 10)
    budget.earn(3)
    #expect(spends(&budget, at: second) == 3)
    #expect(spends(&budget, at: second + 499_999_999) == 0)
    #expect(spends(&budget, at: second + 500_000_000) == 1)
    #expect(spends(&budget, at: 2 * second) == 1)
    #expect(spends(&budget, at: .max) == 10)
    budget.earn(.max)
    #expect(spends(&budget, at: .max) == 10)
    var still = FrameBudget(burst: 1, perSecond: 0)
    #expect(spends(&still, at: 1) == 1)
    #expect(spends(&still, at: .max) == 0)
  }
}
