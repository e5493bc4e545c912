/// How long to wait before trying again: exponential growth up to a ceiling, spread by jitter.
public struct BackoffPolicy: Sendable, Hashable {
  /// The wait after the first failure, before jitter.
  public var initial: Duration
  /// What each further failure multiplies the wait by; at least 1.
  public var multiplier: Double
  /// The ceiling, before jitter.
  public var maximum: Duration
  /// The share of the wait, 0…1, by which it is made longer or shorter at random, so that clients
  /// that failed together do not return together.
  public var jitter: Double

  /// A policy; values outside their ranges are moved to the nearest end.
  public init(initial: Duration, multiplier: Double = 1.6, maximum: Duration, jitter: Double = 0.2) {
    self.initial = max(initial, .zero)
    self.multiplier = multiplier.isFinite ? max(multiplier, 1) : 1
    self.maximum = max(maximum, .zero)
    self.jitter = jitter.isFinite ? min(max(jitter, 0), 1) : 0
  }

  /// Between connection attempts: 200 ms growing to 20 s.
  public static let reconnect = BackoffPolicy(initial: .milliseconds(200), maximum: .seconds(20))
  /// Between attempts of one call: 50 ms growing to 2 s.
  public static let retry = BackoffPolicy(initial: .milliseconds(50), multiplier: 2, maximum: .seconds(2))

  /// The wait after `failures` failures in a row (1 or more), with jitter from `generator`.
  ///
  /// Equal generators give equal waits.
  package func delay(afterFailures count: Int, using generator: inout some RandomNumberGenerator) -> Duration {
    let failures = max(count, 1)
    let ceiling = maximum.seconds
    var wait = initial.seconds
    if multiplier > 1, wait > 0 {
      var left = failures - 1
      while left > 0, wait < ceiling {
        wait *= multiplier
        left -= 1
      }
    }
    wait = min(wait, ceiling)
    if jitter > 0 {
      wait *= 1 + Double.random(in: -jitter...jitter, using: &generator)
    }
    return .nanoseconds(Int64(min(wait * 1e9, 9e18)))
  }
}

/// A small generator of random numbers that can be seeded (SplitMix64); not for secrets.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A generator whose numbers depend on `seed` alone.
  package init(seed: UInt64) {
    state = seed
  }

  /// The next 64 bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

extension Duration {
  /// The duration in seconds, rounded to what a `Double` holds.
  var seconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }

  /// The duration in whole nanoseconds, held inside `Int64`.
  var clampedNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow else { return seconds < 0 ? .min : .max }
    let (sum, carried) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
    return carried ? (seconds < 0 ? .min : .max) : sum
  }
}
