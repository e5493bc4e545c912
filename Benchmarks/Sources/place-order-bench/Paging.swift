internal import DMSAPI
internal import DMSClient

/// Compares a page deep in a list with the first one.
struct Paging: Sendable {
  let client: DMSClient

  static let pageSize: Int32 = 50

  /// Fetches the page at a token and returns the next page's token.
  private typealias Fetch = (_ token: String) async throws -> String

  /// What two pages cost, in microseconds.
  struct Outcome: Sendable {
    var first: Double
    var deep: Double
  }

  /// Walks each list to its page `number`, then fetches that page and the first one in turn, `rounds` times each, and
  /// prints the medians as one line of JSON.
  func run(number: Int, rounds: Int) async throws {
    let orders = try await measure(number: number, rounds: rounds) { token in
      // The oldest first: they are all alike, and the newest may be other ones.
      let page = try await client.orders.listOrders(
        .with {
          $0.orderBy = "business_date"
          $0.pageSize = Self.pageSize
          $0.pageToken = token
        })
      return try next(page.nextPageToken, after: page.orders.count)
    }
    let movements = try await measure(number: number, rounds: rounds) { token in
      let page = try await client.inventory.listMovements(
        .with {
          $0.pageSize = Self.pageSize
          $0.pageToken = token
        })
      return try next(page.nextPageToken, after: page.movements.count)
    }
    print(
      """
      {"orders": {"first_us": \(orders.first), "deep_us": \(orders.deep)}, \
      "movements": {"first_us": \(movements.first), "deep_us": \(movements.deep)}}
      """)
  }

  private func next(_ token: String, after count: Int) throws -> String {
    guard count == Int(Self.pageSize), !token.isEmpty else {
      throw BenchmarkFailure(
        "a page has \(count) rows and \(token.isEmpty ? "no" : "a") next page: the list is too short")
    }
    return token
  }

  private func measure(number: Int, rounds: Int, _ fetch: Fetch) async throws -> Outcome {
    var deep = ""
    for _ in 1..<number { deep = try await fetch(deep) }
    let clock = ContinuousClock()
    var times: [String: [Double]] = [:]
    for _ in 0..<rounds {
      for token in ["", deep] {
        let begun = clock.now
        _ = try await fetch(token)
        times[token, default: []].append((clock.now - begun) / .microseconds(1))
      }
    }
    return Outcome(first: median(times[""] ?? []), deep: median(times[deep] ?? []))
  }

  private func median(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.sorted()[values.count / 2]
  }
}
