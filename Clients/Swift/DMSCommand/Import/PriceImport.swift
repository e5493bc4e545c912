internal import ArgumentParser
internal import DMSAPI
internal import DMSClient

/// `dms import prices`.
struct ImportPrices: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prices", abstract: "Saves prices into the draft of a price list, and publishes it when told to.",
    discussion: columnHelp(columns) + " Of dealer_id, tier and region a row may have one: for whom the price is.")

  @OptionGroup var options: ImportOptions
  @OptionGroup var connection: ConnectionOptions

  @Option(help: "The price list.")
  var list: String

  @Option(help: "Its name, for a new list.")
  var name: String?

  @Option(help: "Its currency (ISO 4217), for a new list.")
  var currency: String?

  @Flag(help: "Begin the draft anew instead of adding to what is published.")
  var replace = false

  @Flag(help: "Publish the draft; prices change with the next order.")
  var publish = false

  /// Entries of one request; the server takes up to 5,000.
  private static let partMax = 1_000

  static let columns = [
    ColumnSpec("sku", required: true), ColumnSpec("from_quantity"), ColumnSpec("unit_price", required: true),
    ColumnSpec("dealer_id"), ColumnSpec("tier"), ColumnSpec("region"), ColumnSpec("priority"),
    ColumnSpec("valid_from_date"), ColumnSpec("valid_until_date"),
  ]

  mutating func validate() throws {
    if publish, options.dryRun { throw ValidationError("--publish and --dry-run exclude each other") }
  }

  func run() async throws {
    let (file, map) = try options.open(Self.columns)
    let rows = ParsedRows(file, map, key: Self.key, read: Self.entry)
    let report = ImportReport(file: file.name, rowCount: rows.rowCount)
    let settings = [list, name ?? "", currency ?? "", replace ? "replace" : "merge"]
    let ids = options.requestIDs(for: "prices", of: file, with: settings)
    try await connection.withClient(forLongWork: true) { client in
      var rows = rows
      try await rows.checkProducts(client, sku: \.sku)
      guard rows.problems.isEmpty || (options.skipBad && !options.dryRun) else { throw report.refused(rows.problems) }
      guard !options.dryRun else {
        Terminal.output.line(
          "\(CountText.counted(rows.entries.count, "price")) of \(file.name) would be saved; nothing was")
        return
      }
      try await store(rows, report, ids, client)
    }
  }

  private func store(
    _ rows: ParsedRows<PriceEntry>, _ report: ImportReport, _ ids: ImportRequestIDs, _ client: DMSClient
  ) async throws {
    let meter = ProgressMeter(total: rows.entries.count, noun: "prices", isQuiet: options.quiet)
    var stored = 0
    for (index, part) in rows.parts(of: Self.partMax).enumerated() {
      var request = SavePriceListDraftRequest()
      request.requestID = ids.id(of: "save/\(index)", lines: part.map(\.line))
      request.priceList = priceList
      request.mode = index == 0 && replace ? .replace : .merge
      request.entries = part.map(\.item)
      do {
        _ = try await client.admin.savePriceListDraft(request)
      } catch {
        meter.finish()
        throw failure(error, part, rows, report, stored: stored)
      }
      stored += part.count
      meter.advance(by: part.count)
    }
    let elapsed = meter.finish()
    Terminal.output.line(
      "\(CountText.counted(stored, "price")) saved into the draft of \(list) in \(ProgressMeter.seconds(elapsed))")
    if publish {
      var request = PublishPriceListRequest()
      request.requestID = ids.id(of: "publish", lines: rows.entries.map(\.line))
      request.priceListID = list
      let published = try await client.admin.publishPriceList(request).priceList
      Terminal.output.line("\(list) is published as version \(published?.publishedVersion ?? 0)")
    } else {
      Terminal.output.line("the draft is not in force yet: dms price publish \(list)")
    }
    guard rows.problems.isEmpty else { throw report.partial(rows.problems, stored: stored) }
  }

  private var priceList: PriceList {
    var priceList = PriceList()
    priceList.priceListID = list
    priceList.name = name ?? ""
    priceList.currencyCode = currency ?? ""
    return priceList
  }

  /// A part is saved as a whole or not at all; the fields that the server names are lines of the file.
  private func failure(
    _ error: DMSError, _ part: ArraySlice<ParsedRows<PriceEntry>.Entry>, _ rows: ParsedRows<PriceEntry>,
    _ report: ImportReport, stored: Int
  ) -> CommandFailure {
    var failure = FailureText.failure(of: error.placing(part, file: report.file))
    let rest = rows.entries[part.startIndex...].map(\.line)
    if let first = rest.first, let last = rest.last {
      failure = report.broken(
        by: failure, stored: stored, doubtful: error.isOutcomeUnknown ? first...(part.last?.line ?? first) : nil,
        rest: error.isOutcomeUnknown ? nil : first...last)
    }
    return failure
  }

  static func key(_ entry: PriceEntry) -> String {
    "\(entry.sku)\u{0}\(max(entry.fromQuantity, 1))\u{0}\(AudienceText.text(entry.audience))\u{0}\(entry.priority)\u{0}\(entry.validFromDate)"
  }

  static func entry(_ row: inout RowReader) -> PriceEntry {
    var entry = PriceEntry()
    entry.sku = row.required("sku")
    entry.fromQuantity = row.integer("from_quantity")
    entry.unitPriceMicros = row.requiredAmount("unit_price")
    let audiences: [Audience.Scope] =
      [
        (row.text("dealer_id"), Audience.Scope.dealerID), (row.text("tier"), Audience.Scope.tier),
        (row.text("region"), Audience.Scope.region),
      ].compactMap { $0.0.isEmpty ? nil : $0.1($0.0) }
    if audiences.count > 1 { row.note(nil, "of dealer_id, tier and region only one may be given") }
    if let scope = audiences.first {
      var audience = Audience()
      audience.scope = scope
      entry.audience = audience
    }
    entry.priority = Int32(row.integer("priority", in: 0...1_000))
    entry.validFromDate = row.date("valid_from_date")
    entry.validUntilDate = row.date("valid_until_date")
    return entry
  }
}

/// For whom something is, as text.
enum AudienceText {
  /// `dealer 4711`, `tier GOLD`, `region North`, or nothing for everyone.
  static func text(_ audience: Audience?) -> String {
    switch audience?.scope {
    case .dealerID(let id)?: "dealer \(id)"
    case .tier(let tier)?: "tier \(tier)"
    case .region(let region)?: "region \(region)"
    case nil: ""
    }
  }
}

extension DMSError {
  /// The error with the fields that name an item, such as `lines[3].sku`, put as lines of the file.
  func placing<Item>(_ part: ArraySlice<ParsedRows<Item>.Entry>, file: String) -> DMSError {
    var error = self
    error.fieldViolations = fieldViolations.map { violation in
      guard let index = ItemPath.index(in: violation.field), part.indices.contains(part.startIndex + index) else {
        return violation
      }
      let column = ItemPath.column(in: violation.field).map { ": \($0)" } ?? ""
      return FieldViolation(
        field: "\(file):\(part[part.startIndex + index].line)\(column)", description: violation.description)
    }
    return error
  }
}
