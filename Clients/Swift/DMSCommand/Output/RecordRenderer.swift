/// Writes one thing in any format.
enum RecordRenderer {
  /// Here sentences stand whole, such as those of verdicts.
  private static let sentenceWidthMax = 200

  /// A table of names and values for people, with lists of records below as tables of their own; an object
  /// in JSON, a header and a row in CSV.
  static func text<Row>(_ row: Row, _ columns: [ListColumn<Row>], as format: OutputFormat) -> String {
    let fields = columns.map { Value.Field($0.name, $0.value(row)) }
    switch format {
    case .json: return Value.record(fields).json + "\n"
    case .csv: return CSVText.row(fields.map(\.name)) + CSVText.row(fields.map(\.value.plain))
    case .table: return table(fields)
    }
  }

  private static func table(_ fields: [Value.Field]) -> String {
    let shown = fields.filter { $0.value != .none && $0.value != .list([]) }
    let simple = shown.filter { records($0.value) == nil }
    let width = simple.map { $0.name.count }.max() ?? 0
    var text = ""
    for field in simple {
      let name = DisplayWidth.padded(title(field.name), to: width, right: false)
      text += "\(Paint.faint(name))  \(DisplayWidth.harmless(words(field.value)))\n"
    }
    for field in shown {
      guard let rows = records(field.value) else { continue }
      text += "\n\(Paint.heading(title(field.name)))\n" + table(of: rows)
    }
    return text
  }

  private static func words(_ value: Value) -> String {
    if case .list(let values) = value { return values.map(words).joined(separator: ", ") }
    return value.plain
  }

  private static func title(_ name: String) -> String {
    name.replacing("_", with: " ")
  }

  private static func records(_ value: Value) -> [[Value.Field]]? {
    guard case .list(let values) = value, !values.isEmpty else { return nil }
    let records = values.compactMap { value -> [Value.Field]? in
      if case .record(let fields) = value { fields } else { nil }
    }
    return records.count == values.count ? records : nil
  }

  /// A table of the members that any of the records has.
  private static func table(of records: [[Value.Field]]) -> String {
    var names: [String] = []
    var numeric: [String: Bool] = [:]
    for field in records.joined() where field.value != .none && field.value != .list([]) {
      if numeric[field.name] == nil { names.append(field.name) }
      numeric[field.name] = numeric[field.name, default: true] && isNumber(field.value)
    }
    let rows = records.map { record in
      names.map { name in record.first { $0.name == name }?.value.plain ?? "" }
    }
    let layout = TableText.layout(
      headings: names.map { title($0) }, numeric: names.map { numeric[$0] ?? false }, rows: rows,
      widthMax: sentenceWidthMax)
    return TableText.text(rows, in: layout, withHeadings: true)
  }

  private static func isNumber(_ value: Value) -> Bool {
    switch value {
    case .integer, .amount: true
    default: false
    }
  }
}
