import DMSAPI
import DMSClient
import Testing

@testable import DMSCommand

@Suite("CSV files")
struct CSVFileTests {
  private func file(_ text: String) throws -> CSVFile {
    try CSVFile(bytes: Array(text.utf8), name: "x.csv")
  }

  @Test("Rows know the line that they start on, quoted line ends included")
  func linesAreKnown() throws {
    let file = try file("a,b\n1,\"two\nlines\"\n\n3,4\r\n5,\n")
    #expect(file.header == ["a", "b"])
    #expect(file.rows.map(\.line) == [2, 5, 6])
    #expect(file.rows.map(\.fields) == [["1", "two\nlines"], ["3", "4"], ["5", ""]])
    #expect(file.problems.isEmpty)
  }

  @Test("A byte order mark is passed over, and the last line may lack its end")
  func markIsPassedOver() throws {
    let file = try file("\u{FEFF}a,b\n1,2\n3,")
    #expect(file.header == ["a", "b"])
    #expect(file.rows.map(\.fields) == [["1", "2"], ["3", ""]])
  }

  @Test("Every row of the wrong length is reported with its line")
  func wrongLengths() throws {
    let file = try file("a,b\n1\n1,2\n1,2,3\n")
    #expect(file.rows.map(\.line) == [3])
    #expect(
      file.problems == [
        RowProblem(line: 2, reason: "the row has 1 field, the header names 2 columns"),
        RowProblem(line: 4, reason: "the row has 3 fields, the header names 2 columns"),
      ])
  }

  @Test("A quote that is never closed is found where it opens")
  func openQuote() throws {
    let file = try file("a,b\n1,2\n3,\"4\n5,6\n")
    #expect(file.problems.map(\.line) == [3])
    #expect(file.problems.first?.reason == "a quote is opened and never closed")
  }

  @Test("A quote in the wrong place is found")
  func strayQuote() throws {
    let file = try file("a,b\n1,2\n3,\"4\" x\n")
    #expect(file.problems.map(\.line) == [3])
  }

  @Test("Bytes that are no UTF-8 are refused with their line")
  func badBytes() {
    let failure = #expect(throws: CommandFailure.self) {
      try CSVFile(bytes: Array("a,b\n1,2\n3,".utf8) + [0xFF, 0x0A], name: "x.csv")
    }
    #expect(failure?.message == "x.csv is not UTF-8 from line 3 on")
    #expect(failure?.status == ExitStatus.invalidInput)
  }

  @Test("A file without a header is refused", arguments: ["", "\n", ",,\n1,2,3\n"])
  func noHeader(text: String) {
    #expect(throws: CommandFailure.self) { try file(text) }
  }

  private static let columns = [
    ColumnSpec("sku", required: true), ColumnSpec("price", required: true), ColumnSpec("note"),
  ]

  @Test("Columns are found by the header, by --map, and by --set")
  func columnsAreFound() throws {
    let map = try ColumnMap(
      header: ["Item", "PRICE", "colour"], columns: Self.columns, maps: ["sku=item"], constants: ["note=new"], file: "x"
    )
    let row = CSVFile.Row(line: 2, fields: [" A 1 ", "2.00", "red"])
    #expect(map.text("sku", in: row) == "A 1")
    #expect(map.text("price", in: row) == "2.00")
    #expect(map.text("note", in: row) == "new")
    #expect(map.unused == ["colour"])
  }

  @Test("Everything that is wrong with the columns is said at once")
  func wrongColumns() {
    let failure = #expect(throws: CommandFailure.self) {
      try ColumnMap(
        header: ["a", "A"], columns: Self.columns, maps: ["sku=item", "x=y", "z"], constants: [], file: "x.csv")
    }
    #expect(failure?.details.count == 6)
    #expect(failure?.status == ExitStatus.invalidInput)
  }

  @Test("Every bad row of an import is reported, with column, line and reason")
  func badRows() throws {
    let file = try file(
      """
      sku,name,minimum,cost,currency_code,status
      A,Rum,6,12.50,USD,SELLABLE
      ,Gin,x,1.00,USD,
      A,Rum again,,,,
      B,,-1,1.5000001,,odd
      """)
    let map = try ColumnMap(header: file.header, columns: ImportProducts.columns, file: file.name)
    let rows = ParsedRows(file, map, key: \.sku) { ImportProducts.product(&$0, language: "en") }
    #expect(rows.entries.map(\.item.sku) == ["A"])
    #expect(rows.entries.first?.item.unitCostMicros == 12_500_000)
    #expect(
      rows.problems.map { "\($0.line) \($0.column ?? "-")" }
        == ["3 sku", "3 minimum", "4 -", "5 name", "5 minimum", "5 status", "5 cost"])
    let report = ImportReport(file: "p.csv", rowCount: rows.rowCount)
    let failure = report.refused(rows.problems)
    #expect(failure.message == "nothing was stored: 3 rows are wrong of 4 rows")
    #expect(failure.details.first == "p.csv:3: sku: is empty")
    #expect(failure.status == ExitStatus.invalidInput)
  }

  @Test("The same file gives the same request ids, and another file, setting or run gives others")
  func requestIDsRepeat() {
    func id(_ content: String = "a", _ settings: [String] = ["x", "y"], run: String = "") -> String {
      ImportRequestIDs(kind: "dealers", content: content, settings: settings, run: run).id(of: "store/0")
    }
    #expect(id() == id())
    #expect(Set([id(), id("b"), id("a", ["xy"]), id("a", ["x", "y", ""]), id(run: "2")]).count == 5)
    #expect((try? RequestID(validating: id())) != nil)
  }

  @Test("The place of an item is read from a field's path")
  func itemPaths() {
    #expect(ItemPath.index(in: "dealers[12].tier") == 12)
    #expect(ItemPath.column(in: "dealers[12].tier") == "tier")
    #expect(ItemPath.column(in: "dealer.tier") == "tier")
    #expect(ItemPath.index(in: "dealer.tier") == nil)
    #expect(ItemPath.column(in: "lines[3]") == nil)
  }

  @Test("Stock is set location by location, in parts that a request can hold")
  func stockParts() throws {
    let rows = (0..<2_500).map { "\($0 % 2 == 0 ? "EAST" : "WEST"),S\($0),\($0)" }
    let file = try file("warehouse_id,sku,quantity\n" + rows.joined(separator: "\n"))
    let map = try ColumnMap(header: file.header, columns: ImportStock.columns, file: file.name)
    let parsed = ParsedRows(file, map, key: ImportStock.key, read: ImportStock.item)
    let parts = ImportStock.parts(of: parsed.entries)
    #expect(parts.map(\.count) == [1_000, 1_000, 250, 250])
    #expect(parts.allSatisfy { part in Set(part.map(\.item.location)).count == 1 })
    #expect(parts.joined().count == 2_500)
  }
}
