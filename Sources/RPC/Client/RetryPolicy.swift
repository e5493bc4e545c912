/// When a failed call is tried again.
///
/// Only UNAVAILABLE is tried again, and only a call that is safe to repeat: its method is declared
/// to have no side effects or to be idempotent, or `CallOptions.isRetryable` says so. A call that
/// the server refused unprocessed is sent again regardless of this policy, and one that found no
/// connection is tried again whatever its method.
public struct RetryPolicy: Sendable, Hashable {
  /// Attempts in all, the first included; 1 means no retries.
  public var maxAttempts: Int
  /// The wait between attempts, unless the server named one.
  public var backoff: BackoffPolicy
  /// A server that asks for a longer wait than this is not tried again; the error is returned.
  public var maxServerDelay: Duration

  /// A policy of `maxAttempts` attempts.
  public init(maxAttempts: Int = 5, backoff: BackoffPolicy = .retry, maxServerDelay: Duration = .seconds(30)) {
    self.maxAttempts = max(maxAttempts, 1)
    self.backoff = backoff
    self.maxServerDelay = maxServerDelay
  }

  /// One attempt only.
  public static let none = RetryPolicy(maxAttempts: 1)
}

/// The limit on how much of a client's traffic may be retries, so that retries do not keep an
/// overloaded server down.
///
/// A bucket of tokens: a failure that could be retried takes one, a success returns `tokensPerSuccess`,
/// and retries are allowed while more than half of the bucket is left.
public struct RetryBudget: Sendable, Hashable {
  /// The bucket's size; the bucket starts full.
  public let maxTokens: Double
  /// What a success returns.
  public let tokensPerSuccess: Double
  private var tokens: Double

  /// A full bucket. 100 tokens allow about 50 retries in a row, then one for every ten successes.
  public init(maxTokens: Double = 100, tokensPerSuccess: Double = 0.1) {
    self.maxTokens = max(maxTokens, 1)
    self.tokensPerSuccess = max(tokensPerSuccess, 0)
    tokens = self.maxTokens
  }

  /// Books a success.
  package mutating func recordSuccess() {
    tokens = min(tokens + tokensPerSuccess, maxTokens)
  }

  /// Books a failure and tells whether a retry may follow it.
  package mutating func recordFailure() -> Bool {
    tokens = max(tokens - 1, 0)
    return tokens > maxTokens / 2
  }
}

/// What is decided about the attempts of one call.
package struct RetryState: Sendable {
  /// How an attempt failed.
  package enum Failure: Sendable {
    /// The server certainly did not process the call: it was refused, or never left this machine.
    case unprocessed
    /// There was no connection to send the call on.
    case unreachable
    /// The call ended with an error whose code is UNAVAILABLE.
    case unavailable(RetryWish)
    /// The call ended with any other error.
    case other
  }

  /// What to do after a failed attempt.
  package enum Decision: Sendable, Hashable {
    /// Send the call again as soon as a connection has room for it.
    case sendAgain
    /// Send the call again after this wait.
    case retry(after: Duration)
    /// Return the error.
    case fail
  }

  /// How often a call that the server did not process is sent again: once at once, then with growing waits. It is
  /// no retry: it neither counts as an attempt nor draws on the budget. A stock gRPC server refuses streams while it
  /// is busy with streams that have ended, even of a client that keeps to its limit.
  static let maxUnprocessed = 6

  /// Attempts that counted, before the present one; the value of `grpc-previous-rpc-attempts`.
  package private(set) var previousAttempts = 0
  private var unprocessed = 0
  /// Waits in a row whose length was not the server's wish.
  private var ownWaits = 0

  /// The state before the first attempt.
  package init() {}

  /// Decides what follows a failed attempt.
  ///
  /// - Parameters:
  ///   - isSafe: the call may be processed twice.
  ///   - isCommitted: a part of the reply was delivered, or the request is no longer held, so that
  ///     no further attempt is possible.
  package mutating func attemptFailed(
    _ failure: Failure, policy: RetryPolicy, isSafe: Bool, isCommitted: Bool,
    budget: inout RetryBudget, using generator: inout some RandomNumberGenerator
  ) -> Decision {
    guard !isCommitted else { return .fail }
    var wish = RetryWish.unsaid
    switch failure {
    case .other:
      return .fail
    case .unprocessed:
      unprocessed += 1
      if unprocessed == 1 { return .sendAgain }
      guard unprocessed <= Self.maxUnprocessed else { return .fail }
      return .retry(after: policy.backoff.delay(afterFailures: unprocessed - 1, using: &generator))
    case .unreachable:
      break
    case .unavailable(let named):
      guard isSafe else { return .fail }
      wish = named
    }
    let isAllowed = budget.recordFailure()
    guard isAllowed, previousAttempts + 1 < policy.maxAttempts else { return .fail }
    switch wish {
    case .never:
      return .fail
    case .after(let delay):
      guard delay <= policy.maxServerDelay else { return .fail }
      previousAttempts += 1
      ownWaits = 0
      return .retry(after: max(delay, .zero))
    case .unsaid:
      previousAttempts += 1
      ownWaits += 1
      return .retry(after: policy.backoff.delay(afterFailures: ownWaits, using: &generator))
    }
  }
}
