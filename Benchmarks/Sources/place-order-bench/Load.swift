internal import DMSAPI
internal import DMSClient
internal import Foundation

/// Many callers, each of which places an order, waits for the answer, looks at it, and places the next.
struct Load: Sendable {
  let servers: Servers
  let catalogue: Catalogue
  let callers: Int

  /// What a run came to.
  struct Outcome: Sendable {
    var seconds = 0.0
    /// How long each order took, sorted, in microseconds.
    var latencies: [Int64] = []
    /// What was answered instead of an order.
    var errors: [String] = []

    /// One line of JSON.
    var json: String {
      """
      {"orders_per_second": \(Double(latencies.count) / seconds), "orders": \(latencies.count), \
      "p50_us": \(quantile(0.50)), "p99_us": \(quantile(0.99)), "errors": \(errors.count)}
      """
    }

    private func quantile(_ share: Double) -> Int64 {
      latencies.isEmpty ? 0 : latencies[min(latencies.count - 1, Int(Double(latencies.count) * share))]
    }
  }

  /// Places orders for `duration`, after a quarter of that to warm up. Errors count from the first order on.
  ///
  /// Throws when an order is answered with anything but what was asked for.
  func run(for duration: Duration) async throws -> Outcome {
    // References tell runs on one store apart: a reference used twice would be refused.
    let run = UUID().uuidString.prefix(8)
    let warm = try await place(for: duration / 4, reference: "\(run)-W")
    var outcome = try await place(for: duration, reference: "\(run)-M")
    outcome.errors = warm.errors + outcome.errors
    return outcome
  }

  private func place(for duration: Duration, reference: String) async throws -> Outcome {
    let clock = ContinuousClock()
    let start = clock.now
    let end = start + duration
    var outcome = try await withThrowingTaskGroup(of: Outcome.self) { group in
      for caller in 0..<callers {
        group.addTask {
          var outcome = Outcome()
          var number = 0
          while clock.now < end {
            let begun = clock.now
            do {
              let draft = catalogue.draft(caller: caller, number: number, reference: reference)
              let order = try await servers[caller].orders.place(draft)
              outcome.latencies.append(Int64((clock.now - begun) / .microseconds(1)))
              try catalogue.requireApproved(order)
            } catch let error as DMSError {
              outcome.errors.append("\(error)")
            }
            number += 1
          }
          return outcome
        }
      }
      return try await group.reduce(into: Outcome()) {
        $0.latencies += $1.latencies
        $0.errors += $1.errors
      }
    }
    outcome.seconds = (clock.now - start) / .seconds(1)
    outcome.latencies.sort()
    return outcome
  }
}
