internal import DMSAPI
internal import DMSClient
internal import Foundation

/// Many callers, each of which places an order, waits for the answer, looks at it, and places the next.
struct Load: Sendable {
  let client: DMSClient
  let catalogue: Catalogue
  let callers: Int

  static let lineCount = 5

  /// What a run came to.
  struct Outcome: Sendable {
    var orders: Int
    var seconds: Double
    /// How long each order took, sorted, in microseconds.
    var latencies: [Int64]

    /// One line of JSON.
    var json: String {
      """
      {"orders_per_second": \(Double(orders) / seconds), "orders": \(orders), \
      "p50_us": \(quantile(0.50)), "p99_us": \(quantile(0.99))}
      """
    }

    private func quantile(_ share: Double) -> Int64 {
      latencies.isEmpty ? 0 : latencies[min(latencies.count - 1, Int(Double(latencies.count) * share))]
    }
  }

  /// Places orders for `duration`, after a quarter of that to warm up.
  ///
  /// Throws when an order fails, or is answered with anything but what was asked for.
  func run(for duration: Duration) async throws -> Outcome {
    // References tell runs on one store apart: a reference used twice would be refused.
    let run = UUID().uuidString.prefix(8)
    _ = try await place(for: duration / 4, reference: "\(run)-W")
    return try await place(for: duration, reference: "\(run)-M")
  }

  private func place(for duration: Duration, reference: String) async throws -> Outcome {
    let clock = ContinuousClock()
    let start = clock.now
    let end = start + duration
    let latencies = try await withThrowingTaskGroup(of: [Int64].self) { group in
      for caller in 0..<callers {
        group.addTask {
          var latencies: [Int64] = []
          while clock.now < end {
            let begun = clock.now
            try await placeOne(caller: caller, number: latencies.count, reference: reference)
            latencies.append(Int64((clock.now - begun) / .microseconds(1)))
          }
          return latencies
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    return Outcome(
      orders: latencies.count, seconds: (clock.now - start) / .seconds(1), latencies: latencies.sorted())
  }

  private func placeOne(caller: Int, number: Int, reference: String) async throws {
    let first = caller &* 7919 &+ number &* 131
    let draft = OrderDraft.with {
      $0.dealerID = catalogue.dealerID((caller &+ number) % catalogue.dealerCount)
      $0.currencyCode = Catalogue.currencyCode
      $0.customerReference = "\(reference)-\(caller)-\(number)"
      $0.shipPolicy = .reject
      $0.lines = (0..<Self.lineCount).map { line in
        .with {
          $0.sku = catalogue.sku((first &+ line &* 37) % catalogue.productCount)
          $0.quantity = 1
        }
      }
    }
    let order = try await client.orders.place(draft)
    guard order.state == .approved, order.lines.count == Self.lineCount,
      order.totalMicros == Int64(Self.lineCount) * Catalogue.unitPriceMicros
    else {
      throw BenchmarkFailure(
        "order \(order.orderID) came back \(order.state) with \(order.lines.count) lines over \(order.totalMicros)")
    }
  }
}
