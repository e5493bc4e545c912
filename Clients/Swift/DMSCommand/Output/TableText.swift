internal import TextTable

/// Tables for people: headings, a rule, and rows whose columns stand under each other.
enum TableText {
  /// A column's heading, its width in cells, and which side its values stand on.
  struct Layout: Equatable, Sendable {
    let headings: [String]
    let widths: [Int]
    let numeric: [Bool]
    var widthMax = cellWidthMax
  }

  /// Texts of lists are cut to this many cells, so that one long name does not tear a table apart.
  static let cellWidthMax = 48

  /// The layout in which all these rows fit, none of their cells wider than `widthMax`.
  static func layout(
    headings: [String], numeric: [Bool], rows: [[String]], widthMax: Int = cellWidthMax
  ) -> Layout {
    let widths = headings.indices.map { index in
      rows.reduce(DisplayWidth.of(headings[index])) { widest, row in
        max(widest, DisplayWidth.of(clipped(row[index], to: widthMax)))
      }
    }
    return Layout(headings: headings, widths: widths, numeric: numeric, widthMax: widthMax)
  }

  /// The rows in this layout, under their headings when `withHeadings`.
  static func text(_ rows: [[String]], in layout: Layout, withHeadings: Bool) -> String {
    // TextTable counts characters; cells come to it filled up, so that it need not count.
    let table = TextTable<[String]> { row in
      layout.headings.indices.map { index in
        Column(
          title: fitted(layout.headings[index], index, layout),
          value: fitted(clipped(row[index], to: layout.widthMax), index, layout),
          width: layout.widths[index])
      }
    }
    let style: any TextTableStyle.Type = withHeadings ? Headed.self : Bare.self
    // Without rows TextTable writes nothing, headings included.
    return table.string(for: rows, style: style) ?? ""
  }

  /// The headings of a layout, with the rule below them.
  static func headings(of layout: Layout) -> String {
    // TextTable writes headings with a first row only; that row is cut off again.
    let blank = Array(repeating: "", count: layout.headings.count)
    let lines = text([blank], in: layout, withHeadings: true).split(separator: "\n")
    return lines.prefix(2).map { $0 + "\n" }.joined()
  }

  private static func clipped(_ text: String, to width: Int) -> String {
    DisplayWidth.clipped(DisplayWidth.harmless(text), to: width)
  }

  private static func fitted(_ text: String, _ index: Int, _ layout: Layout) -> String {
    DisplayWidth.padded(text, to: layout.widths[index], right: layout.numeric[index])
  }
}

/// Headings, a rule, rows.
private enum Headed: TextTableStyle {
  static func prepare(_ text: String, for column: Column) -> String { text }
  static func escape(_ text: String) -> String { text }
  static func begin(_ table: inout String, index: Int, columns: [Column]) {}
  static func end(_ table: inout String, index: Int, columns: [Column]) {}

  static func header(_ table: inout String, index: Int, columns: [Column]) {
    Bare.append(columns.map { Paint.heading($0.headerString(for: self)) }, to: &table)
    Bare.append(columns.map { Paint.faint($0.repeated("─")) }, to: &table)
  }

  static func row(_ table: inout String, index: Int, columns: [Column]) {
    Bare.row(&table, index: index, columns: columns)
  }
}

/// Rows that go on below those of an earlier part.
private enum Bare: TextTableStyle {
  static func prepare(_ text: String, for column: Column) -> String { text }
  static func escape(_ text: String) -> String { text }
  static func begin(_ table: inout String, index: Int, columns: [Column]) {}
  static func header(_ table: inout String, index: Int, columns: [Column]) {}
  static func end(_ table: inout String, index: Int, columns: [Column]) {}

  static func row(_ table: inout String, index: Int, columns: [Column]) {
    append(columns.map { $0.string(for: self) }, to: &table)
  }

  static func append(_ cells: [String], to table: inout String) {
    var line = cells.joined(separator: "  ")
    while line.hasSuffix(" ") { line.removeLast() }
    table += line + "\n"
  }
}
