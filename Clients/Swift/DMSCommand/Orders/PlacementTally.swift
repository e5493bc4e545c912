internal import DMSAPI
internal import DMSClient
internal import Synchronization

/// Counts what comes of the orders of a file.
final class PlacementTally: Sendable {
  private struct State {
    var approved = 0
    var inReview = 0
    var other = 0
    var lines = 0
    var reasons: [String: Int] = [:]
    /// Orders that were there before, under another request id.
    var known = 0
    var refused: [(line: Int, text: String)] = []
    var open: Set<String>
  }

  private let entries: [String: OrderFile.Entry]
  private let state: Mutex<State>

  init(_ entries: [OrderFile.Entry], run: String) {
    let byID = Dictionary(entries.map { ($0.requestID(run: run), $0) }) { first, _ in first }
    self.entries = byID
    state = Mutex(State(open: Set(byID.keys)))
  }

  /// Counts the result of the order that was placed under an id.
  func count(_ requestID: String, _ result: Result<Order, DMSError>) {
    state.withLock { state in
      state.open.remove(requestID)
      switch result {
      case .success(let order):
        switch order.state {
        case .approved: state.approved += 1
        case .inReview: state.inReview += 1
        default: state.other += 1
        }
        state.lines += order.lines.count
        for verdict in order.verdicts { state.reasons[verdict.reason, default: 0] += 1 }
      case .failure(let error):
        if Self.isKnown(error) {
          state.known += 1
        } else {
          let entry = entries[requestID]
          state.refused.append((entry?.line ?? 0, "\(entry?.reference ?? requestID): \(FailureText.oneLine(error))"))
        }
      }
    }
  }

  /// Writes what came of all orders. Throws ``CommandFailure`` when some were refused.
  func report(elapsed: Duration, file: String) throws(CommandFailure) {
    let state = state.withLock { $0 }
    let placed = state.approved + state.inReview + state.other
    let perSecond =
      "\(ProgressMeter.rate(placed, in: elapsed)) orders/s, \(ProgressMeter.rate(state.lines, in: elapsed)) lines/s"
    Terminal.output.line(
      "placed: \(CountText.counted(placed, "order")) with \(CountText.counted(state.lines, "line")) in "
        + "\(ProgressMeter.seconds(elapsed)) (\(perSecond)): \(CountText.grouped(state.approved)) approved"
        + part(state.inReview, "in review") + part(state.other, "moved on since"))
    if state.known > 0 {
      Terminal.output.line("there before: \(CountText.counted(state.known, "order")) with the same reference")
    }
    if !state.reasons.isEmpty {
      let reasons = state.reasons.sorted { $0.key < $1.key }.map { "\($0.key) \(CountText.grouped($0.value))" }
      Terminal.output.line("noted: " + reasons.joined(separator: ", "))
    }
    guard state.refused.isEmpty else {
      throw CommandFailure(
        "\(CountText.counted(state.refused.count, "order")) refused, "
          + "\(CountText.counted(placed + state.known, "other")) placed",
        details: state.refused.sorted { $0.line < $1.line }.map { "\(file):\($0.line): \($0.text)" },
        status: ExitStatus.conflict)
    }
  }

  /// The failure when the run ended before every order had its result.
  func broken(by failure: CommandFailure) -> CommandFailure {
    let state = state.withLock { $0 }
    var failure = failure
    failure.details.append(
      "placed: \(state.approved + state.inReview + state.other); refused: \(state.refused.count); "
        + "without a result: \(state.open.count), of which some may have been placed")
    return failure.adding(remedy: "Start the same import again: it settles them and doubles nothing.")
  }

  private func part(_ count: Int, _ what: String) -> String {
    count == 0 ? "" : ", \(CountText.grouped(count)) \(what)"
  }

  /// Whether all that stands against an order is that it was placed before, longer ago than request ids
  /// are kept.
  private static func isKnown(_ error: DMSError) -> Bool {
    error.reason == .ruleBlocked && !error.preconditionViolations.isEmpty
      && error.preconditionViolations.allSatisfy { $0.rule == "DUPLICATE_REFERENCE" }
  }
}
