import NIOCore
import Testing

@testable import RPC

@Suite("Rate limits")
struct RateLimiterTests {
  private static let second: Int64 = 1_000_000_000

  @Test("A burst passes, then calls at the rate")
  func burst() {
    var buckets = TokenBuckets(CallRate(callsPerSecond: 2, burst: 3), keysMax: 10)
    for _ in 0..<3 { #expect(buckets.take("ada", now: 0) == 0) }
    #expect(buckets.take("ada", now: 0) == Self.second / 2)
    #expect(buckets.take("bob", now: 0) == 0, "another's bucket is another's")
    #expect(buckets.take("ada", now: Self.second / 2) == 0)
    #expect(buckets.take("ada", now: Self.second / 2) == Self.second / 2)
    for _ in 0..<3 { #expect(buckets.take("ada", now: 10 * Self.second) == 0) }
    #expect(buckets.take("ada", now: 10 * Self.second) > 0, "a pause gives no more than the burst")
  }

  @Test("Callers are forgotten when there are too many, full buckets first")
  func bounded() {
    var buckets = TokenBuckets(CallRate(callsPerSecond: 1, burst: 1), keysMax: 4)
    for key in ["a", "b", "c"] { #expect(buckets.take(key, now: 0) == 0) }
    #expect(buckets.take("d", now: Self.second) == 0)
    #expect(buckets.take("e", now: Self.second) == 0)
    #expect(buckets.count == 2)
    #expect(buckets.take("d", now: Self.second) > 0, "its bucket was not full")
    for key in ["f", "g", "h"] { _ = buckets.take(key, now: Self.second) }
    #expect(buckets.count <= 4)
  }

  @Test("No rate is too small or too large to count", arguments: [0, -1, 1e-300, 1e300, .infinity, .nan])
  func extremes(callsPerSecond: Double) {
    var buckets = TokenBuckets(CallRate(callsPerSecond: callsPerSecond, burst: .max), keysMax: 4)
    #expect(buckets.take("a", now: 0) == 0)
  }

  @Test("One call too many is RESOURCE_EXHAUSTED with the time to wait, and never reaches the handler")
  func refusal() async throws {
    let limiter = RateLimiter(CallRate(callsPerSecond: 0.01, burst: 2)) { $0.metadata.first("x-who") }
    try await TestServer.with(interceptors: [limiter]) { server in
      try await RawClient.with(server.port) { client in
        func call(_ who: [(String, String)]) async throws -> RawResponse {
          try await client.call(RawClient.headers("Echo", who), messages: [ByteBuffer(string: "x")])
        }
        for _ in 0..<2 { #expect(try await call([("x-who", "ada")]).status == .ok) }
        let refused = try await call([("x-who", "ada")])
        #expect(refused.status == .resourceExhausted)
        #expect(refused.message.hasPrefix("too many calls; try again in "))
        #expect(refused.headers["grpc-status-details-bin"] != nil)
        #expect(try await call([("x-who", "bob")]).status == .ok)
        for _ in 0..<3 { #expect(try await call([]).status == .ok, "who has no name has no limit") }
      }
    }
  }

  @Test("The wait is a google.rpc.RetryInfo in a google.rpc.Status")
  func retryInfo() {
    let type = Array("type.googleapis.com/google.rpc.RetryInfo".utf8)
    let delay: [UInt8] = [0x0A, 8, 0x08, 0xAC, 0x02, 0x10, 0x80, 0xCA, 0xB5, 0xEE, 0x01]
    let any = [0x0A, UInt8(type.count)] + type + [0x12, UInt8(delay.count), 0x0A, 9] + delay.dropFirst(2)
    let status = RetryInfo.status(.resourceExhausted, "no", retryAfterMilliseconds: 300_500)
    #expect(status == [0x08, 8, 0x12, 2, 0x6E, 0x6F, 0x1A, UInt8(any.count)] + any)
  }
}
