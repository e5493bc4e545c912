internal import DMSAPI
internal import DMSClient
internal import Foundation

/// Offers far more orders than the server takes: callers that come at once with the next one, whatever was answered.
struct Flood: Sendable {
  let servers: Servers
  let catalogue: Catalogue
  let callers: Int

  /// What the server answered.
  private struct Answers: Sendable {
    /// The references of the orders that it took, by order id.
    var taken: [String: String] = [:]
    /// The references that it refused for want of room.
    var refused: Set<String> = []
    /// How many of the refusals name no time to wait.
    var withoutDelay = 0
    var longestDelay = Duration.zero
    /// Every other error.
    var errors: [String] = []
  }

  /// Offers orders for `duration`, then looks whether the store has every order that was taken and none that was
  /// refused; prints one line of JSON.
  func run(for duration: Duration) async throws {
    let run = UUID().uuidString.prefix(8)
    let answers = try await offer(for: duration, reference: "\(run)-F")
    var missing = answers.taken
    var ghosts = 0
    var request = ListOrdersRequest.with {
      $0.pageSize = 1_000
      $0.omitLines = true
      $0.orderBy = "create_time desc"
    }
    repeat {
      let page = try await servers[0].orders.listOrders(request)
      for order in page.orders {
        if missing[order.orderID] == order.customerReference { missing[order.orderID] = nil }
        if answers.refused.contains(order.customerReference) { ghosts += 1 }
      }
      request.pageToken = page.nextPageToken
    } while !request.pageToken.isEmpty
    if let first = answers.errors.first { FileHandle.standardError.write(Data("an error: \(first)\n".utf8)) }
    print(
      """
      {"taken": \(answers.taken.count), "refused": \(answers.refused.count), "missing": \(missing.count), \
      "ghosts": \(ghosts), "without_delay": \(answers.withoutDelay), "errors": \(answers.errors.count), \
      "longest_delay_ms": \(answers.longestDelay / .milliseconds(1))}
      """)
  }

  private func offer(for duration: Duration, reference: String) async throws -> Answers {
    let clock = ContinuousClock()
    let end = clock.now + duration
    return try await withThrowingTaskGroup(of: Answers.self) { group in
      for caller in 0..<callers {
        group.addTask {
          var answers = Answers()
          var number = 0
          while clock.now < end {
            let draft = catalogue.draft(caller: caller, number: number, reference: reference)
            do {
              let order = try await servers[caller].orders.place(draft)
              try catalogue.requireApproved(order)
              answers.taken[order.orderID] = draft.customerReference
            } catch let error as DMSError where error.reason == .overloaded && error.code == .resourceExhausted {
              answers.refused.insert(draft.customerReference)
              if let delay = error.retryDelay {
                answers.longestDelay = max(answers.longestDelay, delay)
              } else {
                answers.withoutDelay += 1
              }
            } catch let error as DMSError {
              answers.errors.append("\(error)")
            }
            number += 1
          }
          return answers
        }
      }
      return try await group.reduce(into: Answers()) { all, one in
        all.taken.merge(one.taken) { first, _ in first }
        all.refused.formUnion(one.refused)
        all.withoutDelay += one.withoutDelay
        all.longestDelay = max(all.longestDelay, one.longestDelay)
        all.errors += one.errors
      }
    }
  }
}
