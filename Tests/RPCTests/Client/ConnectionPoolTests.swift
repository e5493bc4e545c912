import NIOCore
import Testing

@testable import RPC

@Suite("A client's pool of connections")
struct ConnectionPoolTests {
  /// An endpoint that differs from others by its number.
  private static func endpoint(_ number: Int) -> Endpoint {
    let text = "10.0.0.\(number)"
    guard let socket = try? SocketAddress(ipAddress: text, port: 1) else { fatalError("not an address: \(text)") }
    return Endpoint(address: .hostPort(host: text, port: 1), socket: socket)
  }

  private static let one = endpoint(1)
  private static let two = endpoint(2)
  private static let three = endpoint(3)

  private func pool(
    _ policy: LoadBalancing = .pickFirst, _ endpoints: [Endpoint] = [Self.one], connectionsMax: Int = 2
  ) -> ConnectionPool {
    var pool = ConnectionPool(
      policy: policy, connectionsMax: connectionsMax,
      backoff: BackoffPolicy(initial: .seconds(1), multiplier: 2, maximum: .seconds(60), jitter: 0), seed: 1)
    if !endpoints.isEmpty { #expect(pool.resolved(endpoints) == []) }
    return pool
  }

  private func wait(_ seconds: Int, backend: Int = 0) -> ConnectionPool.Wait {
    .init(backend: backend, time: .seconds(seconds))
  }

  // MARK: One backend

  @Test("A call asks for a connection, and those after it wait for the same one")
  func firstCall() {
    var pool = pool(.pickFirst, [Self.one, Self.two])
    #expect(pool.nextWanted(hasWaiting: false) == nil)
    #expect(pool.place(waitsForReady: false) == .wait)
    #expect(pool.nextWanted(hasWaiting: true) == .init(id: 0, endpoints: [Self.one, Self.two]))
    #expect(pool.place(waitsForReady: false) == .wait)
    #expect(pool.nextWanted(hasWaiting: true) == nil)
    #expect(pool.connected(0, to: Self.two, limit: 2) == true)
    #expect(pool.place(waitsForReady: false) == .connection(0))
    #expect(pool.place(waitsForReady: false) == .connection(0))
    #expect(pool.place(waitsForReady: false) == .wait)
    // A further one goes where the first is.
    #expect(pool.nextWanted(hasWaiting: true) == .init(id: 1, endpoints: [Self.two]))
  }

  @Test("Connections are added when the streams run out, and no more than allowed")
  func growth() {
    var pool = pool()
    _ = pool.nextWanted(hasWaiting: true)
    #expect(pool.connected(0, to: Self.one, limit: 1) == true)
    #expect(pool.place(waitsForReady: false) == .connection(0))
    #expect(pool.nextWanted(hasWaiting: false) == nil)
    #expect(pool.place(waitsForReady: false) == .wait)
    #expect(pool.nextWanted(hasWaiting: true)?.id == 1)
    #expect(pool.nextWanted(hasWaiting: true) == nil)
    #expect(pool.connected(1, to: Self.one, limit: 1) == true)
    #expect(pool.place(waitsForReady: false) == .connection(1))
    #expect(pool.place(waitsForReady: false) == .wait)
    #expect(pool.nextWanted(hasWaiting: true) == nil)
    #expect(pool.streamEnded(on: 0) == false)
    #expect(pool.place(waitsForReady: false) == .connection(0))
    pool.limitChanged(1, to: 2)
    #expect(pool.place(waitsForReady: false) == .connection(1))
  }

  @Test("After a failed attempt calls fail until the next is due, unless they wait for readiness")
  func failure() {
    var pool = pool()
    _ = pool.nextWanted(hasWaiting: true)
    #expect(pool.dialFailed(0) == .init(wait: wait(1), failsWaiting: true))
    #expect(pool.place(waitsForReady: false) == .failFast)
    #expect(pool.place(waitsForReady: true) == .wait)
    #expect(pool.nextWanted(hasWaiting: true) == nil)
    pool.retryDue(0)
    #expect(pool.nextWanted(hasWaiting: true)?.id == 1)
    #expect(pool.place(waitsForReady: false) == .failFast)
    #expect(pool.dialFailed(1).wait == wait(2))
    pool.retryDue(0)
    #expect(pool.place(waitsForReady: false) == .wait)
    #expect(pool.nextWanted(hasWaiting: true)?.id == 2)
    #expect(pool.connected(2, to: Self.one, limit: 1) == true)
    pool.proven(2)
    #expect(pool.lost(2) == .init(failsWaiting: false))
    #expect(pool.place(waitsForReady: false) == .wait)
    #expect(pool.nextWanted(hasWaiting: true)?.id == 3)
    #expect(pool.dialFailed(3).wait == wait(1))
  }

  @Test("While another connection serves, a failed attempt fails nobody, and does not count as the address's failure")
  func partialFailure() {
    var pool = pool()
    _ = pool.nextWanted(hasWaiting: true)
    #expect(pool.connected(0, to: Self.one, limit: 1) == true)
    pool.proven(0)
    _ = pool.place(waitsForReady: false)
    _ = pool.nextWanted(hasWaiting: true)
    #expect(pool.dialFailed(1) == .init(wait: wait(1), failsWaiting: false))
    #expect(pool.place(waitsForReady: false) == .wait)
    #expect(pool.lost(0) == .init(failsWaiting: false))
    #expect(pool.place(waitsForReady: false) == .wait)
  }

  @Test("A server that accepts and hangs up, or greets and goes away, is not dialled in a loop")
  func hangUp() {
    var pool = pool()
    _ = pool.nextWanted(hasWaiting: true)
    #expect(pool.connected(0, to: Self.one, limit: 1) == true)
    #expect(pool.lost(0) == .init(wait: wait(1), failsWaiting: false))
    #expect(pool.nextWanted(hasWaiting: true) == nil)
    pool.retryDue(0)
    #expect(pool.nextWanted(hasWaiting: true)?.id == 1)
    #expect(pool.connected(1, to: Self.one, limit: 1) == true)
    #expect(pool.draining(1) == .init(isEmpty: true, wait: wait(2)))
    #expect(pool.lost(1) == .init(failsWaiting: false))
  }

  @Test("A connection that goes away takes no call, is replaced, and closes after its last stream")
  func draining() {
    var pool = pool(connectionsMax: 1)
    _ = pool.nextWanted(hasWaiting: true)
    #expect(pool.connected(0, to: Self.one, limit: 10) == true)
    _ = pool.place(waitsForReady: false)
    _ = pool.place(waitsForReady: false)
    pool.proven(0)
    #expect(pool.draining(0) == .init(isEmpty: false))
    #expect(pool.place(waitsForReady: false) == .wait)
    #expect(pool.nextWanted(hasWaiting: true)?.id == 1)
    #expect(pool.streamEnded(on: 0) == false)
    #expect(pool.streamEnded(on: 0) == true)
    #expect(pool.draining(0) == .init(isEmpty: true))
    #expect(pool.connected(1, to: Self.one, limit: 10) == true)
    #expect(pool.place(waitsForReady: false) == .connection(1))
  }

  @Test("A closed pool takes nothing and opens nothing; unknown connections are ignored")
  func closed() {
    var pool = pool()
    pool.close()
    #expect(pool.place(waitsForReady: true) == .closed)
    #expect(pool.nextWanted(hasWaiting: true) == nil)
    #expect(pool.streamEnded(on: 77) == false)
    #expect(pool.connected(77, to: Self.one, limit: 1) == false)
    #expect(pool.lost(77) == .init(failsWaiting: false))
    pool.retryDue(77)
  }

  @Test("Without addresses calls wait for them, and fail once the look-up has failed, until the next is due")
  func unresolved() {
    var pool = pool(.pickFirst, [])
    #expect(pool.place(waitsForReady: false) == .wait)
    #expect(pool.nextWanted(hasWaiting: true) == nil)
    #expect(pool.lookUpFailed() == true)
    #expect(pool.place(waitsForReady: false) == .failFast)
    #expect(pool.place(waitsForReady: true) == .wait)
    pool.lookUpDue()
    #expect(pool.place(waitsForReady: false) == .wait)
    #expect(pool.resolved([Self.one]) == [])
    #expect(pool.nextWanted(hasWaiting: true)?.endpoints == [Self.one])
    #expect(pool.lookUpFailed() == false)
  }

  @Test("A connection whose address is gone is let go, one whose address stays is kept, in whatever order they come")
  func changedAddresses() {
    var pool = pool(.pickFirst, [Self.one, Self.two])
    _ = pool.nextWanted(hasWaiting: true)
    #expect(pool.resolved([Self.two, Self.one]) == [])
    #expect(pool.connected(0, to: Self.one, limit: 1) == true)
    #expect(pool.resolved([Self.three, Self.one]) == [])
    #expect(pool.place(waitsForReady: false) == .connection(0))
    #expect(pool.resolved([Self.three]) == [0])
    #expect(pool.draining(0) == .init(isEmpty: false))
    #expect(pool.place(waitsForReady: false) == .wait)
    #expect(pool.nextWanted(hasWaiting: true) == .init(id: 1, endpoints: [Self.three]))
    // An attempt under way begins anew, and what became of it changes nothing.
    #expect(pool.resolved([Self.two]) == [1])
    #expect(pool.dialFailed(1) == .init(failsWaiting: false))
    #expect(pool.connected(1, to: Self.three, limit: 1) == false)
    #expect(pool.nextWanted(hasWaiting: true) == .init(id: 2, endpoints: [Self.two]))
  }

  // MARK: Going round

  /// A pool in which the addresses with these numbers are ready, under the ids 0, 1, …
  private func round(_ numbers: [Int], limit: Int = 1_000, connectionsMax: Int = 2) -> ConnectionPool {
    var pool = pool(.roundRobin, numbers.map(Self.endpoint), connectionsMax: connectionsMax)
    for number in numbers {
      guard let wanted = pool.nextWanted(hasWaiting: false) else {
        Issue.record("no connection is wanted")
        return pool
      }
      #expect(wanted.endpoints == [Self.endpoint(number)])
      #expect(pool.connected(wanted.id, to: Self.endpoint(number), limit: limit) == true)
      pool.proven(wanted.id)
    }
    #expect(pool.nextWanted(hasWaiting: false) == nil)
    return pool
  }

  private func places(_ pool: inout ConnectionPool, _ count: Int) -> [ConnectionPool.ID] {
    (0..<count).compactMap { _ in
      if case .connection(let id) = pool.place(waitsForReady: false) { id } else { nil }
    }
  }

  @Test("Calls go round over the connections that are ready")
  func roundRobin() {
    var pool = round([1, 2, 3])
    #expect(places(&pool, 7) == [0, 1, 2, 0, 1, 2, 0])
    #expect(pool.lost(1) == .init(failsWaiting: false))
    #expect(places(&pool, 4) == [2, 0, 2, 0])
    #expect(pool.isIncomplete)
    #expect(pool.nextWanted(hasWaiting: false) == .init(id: 3, endpoints: [Self.two]))
    #expect(pool.nextWanted(hasWaiting: false) == nil)
    #expect(!pool.isIncomplete)
    #expect(pool.connected(3, to: Self.two, limit: 9) == true)
    #expect(places(&pool, 3) == [3, 2, 0])
  }

  @Test("One that fails waits for itself; calls fail only when none is ready and every attempt has failed")
  func roundRobinFailures() {
    var pool = round([1, 2])
    _ = pool.lost(0)
    let first = pool.nextWanted(hasWaiting: false)
    #expect(first?.endpoints == [Self.one])
    #expect(pool.dialFailed(first?.id ?? -1) == .init(wait: wait(1), failsWaiting: false))
    #expect(places(&pool, 2) == [1, 1])
    #expect(pool.nextWanted(hasWaiting: false) == nil)
    _ = pool.lost(1)
    #expect(pool.place(waitsForReady: false) == .wait)
    let second = pool.nextWanted(hasWaiting: true)
    #expect(second?.endpoints == [Self.two])
    #expect(pool.dialFailed(second?.id ?? -1) == .init(wait: wait(1, backend: 1), failsWaiting: true))
    #expect(pool.place(waitsForReady: false) == .failFast)
    pool.retryDue(0)
    let third = pool.nextWanted(hasWaiting: false)
    #expect(third?.endpoints == [Self.one])
    #expect(pool.dialFailed(third?.id ?? -1).wait == wait(2))
    pool.retryDue(1)
    let fourth = pool.nextWanted(hasWaiting: false)
    #expect(pool.connected(fourth?.id ?? -1, to: Self.two, limit: 5) == true)
    #expect(places(&pool, 2).count == 2)
  }

  @Test("When all streams are taken, the address with the fewest connections gets another")
  func roundRobinGrowth() {
    var pool = round([1, 2], limit: 1)
    #expect(places(&pool, 2) == [0, 1])
    #expect(pool.place(waitsForReady: false) == .wait)
    #expect(pool.nextWanted(hasWaiting: true) == .init(id: 2, endpoints: [Self.one]))
    #expect(pool.nextWanted(hasWaiting: true) == .init(id: 3, endpoints: [Self.two]))
    #expect(pool.nextWanted(hasWaiting: true) == nil)
    #expect(pool.connected(2, to: Self.one, limit: 1) == true)
    #expect(places(&pool, 2) == [2])
    #expect(pool.connected(3, to: Self.two, limit: 1) == true)
    #expect(places(&pool, 2) == [3])
    #expect(pool.nextWanted(hasWaiting: true) == nil)
  }

  @Test("New addresses join; those that are gone are let go, with calls that end in peace")
  func roundRobinChange() {
    var pool = round([1, 2])
    #expect(places(&pool, 2) == [0, 1])
    #expect(pool.resolved([Self.two, Self.three]) == [0])
    #expect(pool.nextWanted(hasWaiting: false) == .init(id: 2, endpoints: [Self.three]))
    #expect(places(&pool, 2) == [1, 1])
    #expect(pool.draining(0) == .init(isEmpty: false))
    #expect(pool.streamEnded(on: 0) == true)
    #expect(pool.connected(2, to: Self.three, limit: 9) == true)
    #expect(places(&pool, 4).sorted() == [1, 1, 2, 2])
    // What is being made to an address that is gone is given up.
    pool.proven(2)
    _ = pool.lost(2)
    #expect(pool.nextWanted(hasWaiting: false)?.id == 3)
    #expect(pool.resolved([Self.two]) == [3])
    #expect(pool.nextWanted(hasWaiting: false) == nil)
  }

  // MARK: Idleness

  private static let idle = IdlePolicy(spareMax: .seconds(4), clientMax: .seconds(8))

  @Test("Idleness is counted in quarters of the shorter time")
  func idlePolicy() {
    #expect(Self.idle.interval == .seconds(1))
    #expect(IdlePolicy(spareMax: .seconds(60), clientMax: nil).interval == .seconds(15))
    #expect(IdlePolicy(spareMax: .seconds(60), clientMax: .seconds(30)).interval == .milliseconds(7_500))
    #expect(IdlePolicy(spareMax: .zero, clientMax: .zero).interval == .milliseconds(1))
    #expect(IdlePolicy(spareMax: .seconds(Int64.max), clientMax: .milliseconds(1)).interval == .milliseconds(1))
  }

  @Test("A spare connection goes after its time, the last one after the client's; a call brings one back")
  func idleness() {
    var pool = pool()
    _ = pool.nextWanted(hasWaiting: true)
    #expect(pool.connected(0, to: Self.one, limit: 1) == true)
    _ = pool.place(waitsForReady: false)
    _ = pool.nextWanted(hasWaiting: true)
    #expect(pool.connected(1, to: Self.one, limit: 1) == true)
    _ = pool.place(waitsForReady: false)
    _ = pool.streamEnded(on: 1)
    // The first has a call all the time, the second none after the first sweep.
    for _ in 0..<4 { #expect(pool.sweep(Self.idle, hasWaiting: false) == []) }
    #expect(pool.sweep(Self.idle, hasWaiting: false) == [1])
    #expect(pool.draining(1) == .init(isEmpty: true))
    for _ in 0..<20 { #expect(pool.sweep(Self.idle, hasWaiting: false) == []) }
    _ = pool.streamEnded(on: 0)
    for _ in 0..<7 { #expect(pool.sweep(Self.idle, hasWaiting: false) == []) }
    #expect(pool.sweep(Self.idle, hasWaiting: false) == [0])
    #expect(pool.draining(0) == .init(isEmpty: true))
    #expect(pool.nextWanted(hasWaiting: false) == nil)
    #expect(pool.place(waitsForReady: false) == .wait)
    #expect(pool.nextWanted(hasWaiting: true)?.id == 2)
  }

  @Test("Calls that wait keep a client in use, and without a limit it never goes idle")
  func neverIdle() {
    var pool = round([1])
    for _ in 0..<20 { #expect(pool.sweep(Self.idle, hasWaiting: true) == []) }
    let policy = IdlePolicy(spareMax: .seconds(4), clientMax: nil)
    for _ in 0..<1_000 { #expect(pool.sweep(policy, hasWaiting: false) == []) }
  }

  @Test("What a client without calls loses is not replaced before its next call")
  func quietLoss() {
    var pool = round([1, 2])
    _ = pool.sweep(Self.idle, hasWaiting: false)
    _ = pool.lost(0)
    #expect(pool.nextWanted(hasWaiting: false) == nil)
    #expect(places(&pool, 1) == [1])
    #expect(pool.isIncomplete)
    #expect(pool.nextWanted(hasWaiting: false)?.endpoints == [Self.one])
    _ = pool.streamEnded(on: 1)
    for _ in 0..<9 { _ = pool.sweep(Self.idle, hasWaiting: false) }
    #expect(pool.place(waitsForReady: false) == .wait)
  }
}

@Suite("When a client looks names up")
struct ResolutionTests {
  private func resolution(isNeeded: Bool = true) -> Resolution {
    Resolution(
      isNeeded: isNeeded, intervalMin: .nanoseconds(100),
      backoff: BackoffPolicy(initial: .nanoseconds(10), multiplier: 2, maximum: .seconds(1), jitter: 0), seed: 1)
  }

  @Test("Once before the first connection, one at a time, and again after a loss, with a least time between them")
  func interval() {
    var resolution = resolution()
    #expect(resolution.begin(at: 0) == 1)
    #expect(resolution.begin(at: 0) == nil)
    #expect(resolution.due == nil)
    #expect(resolution.found(1, at: 5) == true)
    #expect(resolution.begin(at: 1_000) == nil)
    resolution.outdate()
    #expect(resolution.due == 105)
    #expect(resolution.begin(at: 104) == nil)
    #expect(resolution.begin(at: 105) == 2)
    // A loss during a look-up asks for another.
    resolution.outdate()
    #expect(resolution.found(2, at: 110) == true)
    #expect(resolution.due == 210)
  }

  @Test("Failures are followed by growing waits, which an answer ends; late answers count for nothing")
  func failures() {
    var resolution = resolution()
    #expect(resolution.begin(at: 0) == 1)
    #expect(resolution.failed(1, at: 0) == true)
    #expect(resolution.found(1, at: 0) == false)
    #expect(resolution.failed(1, at: 0) == false)
    #expect(resolution.begin(at: 9) == nil)
    #expect(resolution.begin(at: 10) == 2)
    #expect(resolution.found(1, at: 11) == false)
    #expect(resolution.failed(2, at: 20) == true)
    #expect(resolution.begin(at: 39) == nil)
    #expect(resolution.begin(at: 40) == 3)
    #expect(resolution.found(3, at: 41) == true)
    resolution.outdate()
    #expect(resolution.begin(at: 200) == 4)
    #expect(resolution.failed(4, at: 200) == true)
    #expect(resolution.due == 210)
  }

  @Test("A target without names is never looked up")
  func fixed() {
    var resolution = resolution(isNeeded: false)
    resolution.outdate()
    #expect(resolution.begin(at: 0) == nil)
    #expect(resolution.due == nil)
  }

  @Test("Addresses of both families come by turns")
  func turns() throws {
    let texts = ["::1", "::2", "127.0.0.1", "::3", "127.0.0.2"]
    let addresses = try texts.map { try SocketAddress(ipAddress: $0, port: 1) }
    #expect(
      SystemResolver.byTurns(addresses).map { $0.ipAddress ?? "" } == ["::1", "127.0.0.1", "::2", "127.0.0.2", "::3"])
    #expect(SystemResolver.byTurns([]) == [])
  }

  @Test("The system knows this machine's own name, and none under .invalid")
  func system() async throws {
    let found = try await SystemResolver().addresses(of: "localhost", port: 81)
    #expect(!found.isEmpty)
    #expect(found.allSatisfy { $0.isLoopback && $0.port == 81 })
    await #expect(throws: RPCError.self) { try await SystemResolver().addresses(of: "dms.invalid", port: 81) }
    await #expect(throws: RPCError.self) { try await SystemResolver().addresses(of: "local\0host", port: 81) }
  }
}

@Suite("What a server says about another attempt")
struct RetryWishTests {
  @Test(
    "grpc-retry-pushback-ms names a wait, or forbids another attempt",
    arguments: [
      (nil, RetryWish.unsaid), ("0", .after(.zero)), ("1500", .after(.milliseconds(1_500))), ("-1", .never),
      ("soon", .never), ("", .never), ("99999999999", .never),
    ])
  func pushback(text: String?, wish: RetryWish) {
    var metadata = Metadata()
    if let text { metadata.add("grpc-retry-pushback-ms", text) }
    #expect(RPCError(.unavailable, "", metadata: metadata).pushback == wish)
  }

  /// A `google.rpc.Status` with a `RetryInfo` of this length, after a detail of another kind.
  private static func status(seconds: UInt8, nanoseconds: UInt8 = 0, type: String = "google.rpc.RetryInfo") -> [UInt8] {
    func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] { [number << 3 | 2, UInt8(bytes.count)] + bytes }
    func any(_ type: String, _ value: [UInt8]) -> [UInt8] {
      field(3, field(1, Array("type.googleapis.com/\(type)".utf8)) + field(2, value))
    }
    let duration = [0x08, seconds] + (nanoseconds > 0 ? [0x10, nanoseconds] : [])
    return [0x08, 14] + field(2, Array("busy".utf8)) + any("google.rpc.ErrorInfo", [1, 2, 3])
      + any(type, field(1, duration))
  }

  @Test("A RetryInfo in the details names a wait; pushback goes before it")
  func retryInfo() {
    var error = RPCError(.unavailable, "", detailsBin: Self.status(seconds: 3, nanoseconds: 7))
    #expect(RetryInfoDelay.read(error) == .seconds(3) + .nanoseconds(7))
    #expect(ClientConfiguration().retryWish(in: error) == .after(.seconds(3) + .nanoseconds(7)))
    error.metadata.add("grpc-retry-pushback-ms", "5")
    #expect(ClientConfiguration().retryWish(in: error) == .after(.milliseconds(5)))
    #expect(
      RetryInfoDelay.read(RPCError(.unavailable, "", detailsBin: Self.status(seconds: 3, type: "x.RetryInfo"))) == nil)
    #expect(RetryInfoDelay.read(RPCError(.unavailable, "")) == nil)
  }

  @Test(
    "Details with bytes changed, cut or added hold a wait or none, and never end the program",
    arguments: 1...50 as ClosedRange<UInt64>)
  func damaged(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      var bytes = Self.status(seconds: 3)
      for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes[index] = .random(in: 0...255, using: &generator)
        case 1: bytes.removeLast(bytes.count - index)
        default: bytes.insert(.random(in: 0...255, using: &generator), at: index)
        }
      }
      if let delay = RetryInfoDelay.read(RPCError(.unavailable, "", detailsBin: bytes)) { #expect(delay >= .zero) }
    }
  }
}
