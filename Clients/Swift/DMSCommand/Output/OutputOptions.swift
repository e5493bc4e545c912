internal import ArgumentParser

/// How a command writes what it finds.
struct OutputOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: "How to write it: table, json or csv.")
  var output: OutputFormat = .table

  /// Writes one thing.
  func write<Row: Sendable>(_ row: Row, _ columns: [ListColumn<Row>]) {
    Terminal.output.write(RecordRenderer.text(row, columns, as: output))
  }

  /// Writes things that are all at hand.
  func write<Row: Sendable>(_ rows: [Row], _ columns: [ListColumn<Row>]) {
    var renderer = ListRenderer(columns, as: output)
    for row in rows { Terminal.output.write(renderer.add(row)) }
    Terminal.output.write(renderer.finish())
  }

  /// Writes things as they come, at most `limit`. Says on standard error when there is nothing, and when
  /// there is more.
  func write<Rows: AsyncSequence>(
    _ rows: Rows, _ columns: [ListColumn<Rows.Element>], limit: Int?, nothing: String
  ) async throws where Rows.Element: Sendable {
    var renderer = ListRenderer(columns, as: output)
    var isCut = false
    if limit != 0 {
      for try await row in rows {
        if renderer.count == limit {
          isCut = true
          break
        }
        let text = renderer.add(row)
        if !text.isEmpty { Terminal.output.write(text) }
      }
    }
    Terminal.output.write(renderer.finish())
    if isCut { Terminal.error.line(Paint.warning("there is more: raise --limit, or leave it out")) }
    if renderer.count == 0, output == .table { Terminal.error.line(nothing) }
  }
}

/// How much a list shows.
struct LimitOptions: ParsableArguments {
  @Option(help: "Show at most this many (default: all).")
  var limit: Int?

  mutating func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit must be at least 1") }
  }
}

extension OutputFormat: ExpressibleByArgument {}
