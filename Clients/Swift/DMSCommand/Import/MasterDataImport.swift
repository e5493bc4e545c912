internal import DMSAPI
internal import DMSClient

/// What the server stored of a part.
struct UpsertOutcome: Sendable {
  var created = 0
  var updated = 0
  var unchanged = 0
  var errors: [ItemError] = []
}

/// Imports rows that are made or replaced one by one: dealers, products, warehouses, credit accounts.
///
/// Everything is checked before anything is stored, here and at the server, unless bad rows are to be
/// skipped.
struct MasterDataImport<Item: Sendable>: Sendable {
  /// Rows of one request; the server takes as many.
  static var partMax: Int { 1_000 }

  /// What a row is, such as `dealer`.
  let noun: String
  let columns: [ColumnSpec]
  let key: @Sendable (Item) -> String
  /// What an item refers to that may stand in the same file, such as a parent; empty for nothing.
  var reference: @Sendable (Item) -> String = { _ in "" }
  let read: @Sendable (inout RowReader) -> Item
  let send:
    @Sendable (DMSClient, _ requestID: String, _ items: [Item], _ validateOnly: Bool) async throws(DMSError) ->
      UpsertOutcome

  /// Runs the import; what it says at its end goes to standard output.
  func run(_ options: ImportOptions, _ connection: ConnectionOptions) async throws {
    let (file, map) = try options.open(columns)
    var rows = ParsedRows(file, map, key: key, read: read)
    rows.reorder(referencesFirst)
    let report = ImportReport(file: file.name, rowCount: rows.rowCount)
    let parsed = rows
    let ids = options.requestIDs(for: noun, of: file)
    try await connection.withClient(forLongWork: true) { client in
      let session = Session(job: self, client: client, options: options, rows: parsed, ids: ids, report: report)
      if options.dryRun || !options.skipBad {
        let problems = try await session.check()
        guard problems.isEmpty else { throw report.refused(problems) }
      }
      if options.dryRun {
        Terminal.output.line(
          "\(CountText.counted(parsed.entries.count, "row")) of \(file.name) would be stored; nothing was")
      } else {
        try await session.store()
      }
    }
  }

  /// Items behind those that they refer to, else in the order of the file.
  private func referencesFirst(_ entries: [ParsedRows<Item>.Entry]) -> [ParsedRows<Item>.Entry] {
    var waiting = entries
    var ordered: [ParsedRows<Item>.Entry] = []
    let inFile = Set(entries.map { key($0.item) })
    var placed: Set<String> = []
    while !waiting.isEmpty {
      let before = waiting.count
      waiting.removeAll { entry in
        let reference = reference(entry.item)
        guard reference.isEmpty || !inFile.contains(reference) || placed.contains(reference) else { return false }
        placed.insert(key(entry.item))
        ordered.append(entry)
        return true
      }
      // Rows that refer to each other in a ring: the server says what is wrong with them.
      if waiting.count == before { return ordered + waiting }
    }
    return ordered
  }
}

/// One import at work.
private struct Session<Item: Sendable> {
  let job: MasterDataImport<Item>
  let client: DMSClient
  let options: ImportOptions
  let rows: ParsedRows<Item>
  let ids: ImportRequestIDs
  let report: ImportReport

  /// What is wrong with any row, as far as it can be told without storing. When the server cannot be asked, what is
  /// wrong already goes before that.
  func check() async throws -> [RowProblem] {
    do {
      return try await checkAtServer()
    } catch {
      guard rows.problems.isEmpty else { return rows.problems }
      throw error
    }
  }

  private func checkAtServer() async throws(DMSError) -> [RowProblem] {
    var problems = rows.problems
    let inFile = Set(rows.entries.map { job.key($0.item) })
    for (index, part) in rows.parts(of: MasterDataImport<Item>.partMax).enumerated() {
      let outcome = try await job.send(client, ids.id(of: "check/\(index)"), part.map(\.item), true)
      problems += outcome.errors.compactMap { error in
        // What an item refers to may be stored with an earlier part of this very file.
        if error.reason == "MISSING_REFERENCE", let entry = entry(error, in: part),
          inFile.contains(job.reference(entry.item))
        {
          return nil
        }
        return problem(error, in: part)
      }
    }
    return problems
  }

  /// Stores every part, and tells what came of it.
  func store() async throws {
    var problems = rows.problems
    var total = UpsertOutcome()
    let meter = ProgressMeter(total: rows.entries.count, noun: job.noun + "s", isQuiet: options.quiet)
    for (index, part) in rows.parts(of: MasterDataImport<Item>.partMax).enumerated() {
      do {
        let outcome = try await job.send(client, ids.id(of: "store/\(index)"), part.map(\.item), false)
        total.created += outcome.created
        total.updated += outcome.updated
        total.unchanged += outcome.unchanged
        problems += outcome.errors.map { problem($0, in: part) }
        meter.advance(by: part.count)
      } catch {
        meter.finish()
        throw broken(by: error, part: part, stored: total.created + total.updated + total.unchanged)
      }
    }
    let elapsed = meter.finish()
    let stored = total.created + total.updated + total.unchanged
    Terminal.output.line(
      "\(CountText.counted(stored, job.noun)) stored in \(ProgressMeter.seconds(elapsed)): "
        + "\(CountText.grouped(total.created)) new, \(CountText.grouped(total.updated)) changed, "
        + "\(CountText.grouped(total.unchanged)) as they were")
    guard problems.isEmpty else { throw report.partial(problems, stored: stored) }
  }

  private func broken(by error: DMSError, part: ArraySlice<ParsedRows<Item>.Entry>, stored: Int) -> CommandFailure {
    let lines = part.map(\.line)
    let range = (lines.min() ?? 0)...(lines.max() ?? 0)
    let rest = rows.entries[part.endIndex...].map(\.line)
    let open = error.isOutcomeUnknown ? rest : lines + rest
    let notStored = open.min().flatMap { first in open.max().map { first...$0 } }
    return report.broken(
      by: FailureText.failure(of: error), stored: stored, doubtful: error.isOutcomeUnknown ? range : nil,
      rest: notStored)
  }

  private func entry(_ error: ItemError, in part: ArraySlice<ParsedRows<Item>.Entry>) -> ParsedRows<Item>.Entry? {
    let index = part.startIndex + Int(error.index)
    return part.indices.contains(index) ? part[index] : nil
  }

  private func problem(_ error: ItemError, in part: ArraySlice<ParsedRows<Item>.Entry>) -> RowProblem {
    RowProblem(
      line: entry(error, in: part)?.line ?? 0, column: ItemPath.column(in: error.field),
      reason: "\(error.message) (\(error.reason))")
  }
}
