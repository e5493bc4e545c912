/// Tells what an import stored, and what not.
struct ImportReport {
  let file: String
  let rowCount: Int

  /// The failure when rows are wrong and nothing was sent.
  func refused(_ problems: [RowProblem]) -> CommandFailure {
    CommandFailure(
      "nothing was stored: \(wrong(problems)) of \(CountText.counted(rowCount, "row"))",
      details: lines(problems),
      remedy: "Mend them and import the file again, or leave them out with --skip-bad.",
      status: ExitStatus.invalidInput)
  }

  /// The failure when some rows were left out and the others are stored.
  func partial(_ problems: [RowProblem], stored: Int) -> CommandFailure {
    CommandFailure(
      "\(CountText.counted(stored, "row")) stored; \(wrong(problems)), not stored",
      details: lines(problems),
      remedy: "Mend them and import the file again: what is stored already stays as it is.",
      status: ExitStatus.invalidInput)
  }

  /// The failure when a call failed between parts. `stored` are the lines that are stored for certain,
  /// `doubtful` those of the call whose answer never came.
  func broken(
    by failure: CommandFailure, stored: Int, doubtful: ClosedRange<Int>?, rest: ClosedRange<Int>?
  ) -> CommandFailure {
    var failure = failure
    failure.details.append("stored: \(CountText.counted(stored, "row"))")
    if let doubtful { failure.details.append("not known: lines \(doubtful.lowerBound) to \(doubtful.upperBound)") }
    if let rest { failure.details.append("not stored: lines \(rest.lowerBound) to \(rest.upperBound)") }
    return failure.adding(remedy: "Start the same import again: it goes on where it came to and doubles nothing.")
  }

  private func wrong(_ problems: [RowProblem]) -> String {
    let count = Set(problems.map(\.line)).count
    return "\(CountText.counted(count, "row")) \(count == 1 ? "is" : "are") wrong"
  }

  private func lines(_ problems: [RowProblem]) -> [String] {
    problems.sorted { $0.line < $1.line }.map { $0.text(in: file) }
  }
}

/// Where in a request an error stands.
enum ItemPath {
  /// The position in the first brackets of a field's path, such as 3 in `lines[3].sku`.
  static func index(in field: String) -> Int? {
    guard let open = field.firstIndex(of: "["), let close = field[open...].firstIndex(of: "]") else { return nil }
    return Int(field[field.index(after: open)..<close])
  }

  /// What stands after the brackets, such as `sku`; the whole path when there are none.
  static func column(in field: String) -> String? {
    guard let close = field.firstIndex(of: "]") else { return field.split(separator: ".").last.map(String.init) }
    let rest = field[field.index(after: close)...].drop { $0 == "." }
    return rest.isEmpty ? nil : String(rest)
  }
}
