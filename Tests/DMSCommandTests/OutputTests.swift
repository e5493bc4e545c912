import Testing

@testable import DMSCommand

@Suite("Output")
struct OutputTests {
  private struct Item: Sendable {
    var name: String
    var count: Int64
    var price: Int64
  }

  private static let columns: [ListColumn<Item>] = [
    ListColumn("name", "NAME") { .text($0.name) },
    ListColumn("count", "COUNT", numeric: true) { .integer($0.count) },
    ListColumn("price", "PRICE", numeric: true) { .amount($0.price) },
    ListColumn(detail: "remark") { .optional($0.count == 1 ? "only \"one\", really" : "") },
  ]

  private static let items = [
    Item(name: "Rum, dark", count: 1, price: 12_500_000), Item(name: "茅台", count: 1_200, price: 1_499_000_000),
  ]

  private func text(_ items: [Item], as format: OutputFormat) -> String {
    var renderer = ListRenderer(Self.columns, as: format)
    return items.map { renderer.add($0) }.joined() + renderer.finish()
  }

  @Test("A table stands in columns, wide characters counted twice")
  func table() {
    #expect(
      text(Self.items, as: .table) == """
        NAME       COUNT    PRICE
        ─────────  ─────  ───────
        Rum, dark      1    12.50
        茅台        1200  1499.00

        """)
  }

  @Test("JSON holds every column, amounts as text, and leaves out what is not there")
  func json() {
    #expect(
      text(Self.items, as: .json) == #"""
        [
         {"name": "Rum, dark", "count": 1, "price": "12.50", "remark": "only \"one\", really"},
         {"name": "茅台", "count": 1200, "price": "1499.00"}
        ]

        """#)
    #expect(text([], as: .json) == "[]\n")
  }

  @Test("CSV quotes what needs it, and has a header even without rows")
  func csv() {
    #expect(
      text(Self.items, as: .csv) == """
        name,count,price,remark
        "Rum, dark",1,12.50,"only ""one"", really"
        茅台,1200,1499.00,

        """)
    #expect(text([], as: .csv) == "name,count,price,remark\n")
  }

  @Test("A long list is written part by part, in the widths of its first rows")
  func longTable() {
    var renderer = ListRenderer(Self.columns, as: .table)
    let count = ListRenderer<Item>.rowsBeforeLayout
    let written = (0..<count).map { _ in renderer.add(Self.items[0]) }
    #expect(written.dropLast().joined().isEmpty)
    #expect(written.last?.split(separator: "\n").count == count + 2)
    #expect(renderer.add(Self.items[0]) == "")
    #expect(renderer.finish() == "Rum, dark      1  12.50\n")
  }

  @Test("JSON escapes what it must")
  func escapes() {
    #expect(Value.quoted("a\"b\\c\nd\u{1}é") == #""a\"b\\c\nd\u0001é""#)
  }

  @Test("Other people's words cannot move the cursor")
  func harmless() {
    #expect(DisplayWidth.harmless("a\u{1B}[2Jb\r\n\u{202E}c") == "a [2Jb   c")
    #expect(DisplayWidth.clipped("ABCDEFG", to: 4) == "ABC…")
    #expect(DisplayWidth.clipped("茅台酒厂", to: 5) == "茅台…")
  }

  @Test("One thing is written as names and values, its lists as tables below")
  func record() {
    let columns: [ListColumn<Int64>] = [
      ListColumn("order_id", "ORDER") { .integer($0) },
      ListColumn("note", "NOTE") { _ in .none },
      ListColumn("lines", "LINES") { _ in
        .list([
          .record([Value.Field("sku", .text("A")), Value.Field("quantity", .integer(5)), Value.Field("unit", .none)])
        ])
      },
    ]
    #expect(
      RecordRenderer.text(7, columns, as: .table) == """
        order id  7

        lines
        sku  quantity
        ───  ────────
        A           5

        """)
    #expect(
      RecordRenderer.text(7, columns, as: .json) == #"{"order_id": 7, "lines": [{"sku": "A", "quantity": 5}]}"# + "\n")
  }

  @Test("A watch writes each change at once, under headings that come first")
  func changes() {
    var renderer = ChangeRenderer(Self.columns, as: .table, widths: [10, 6, 8])
    #expect(renderer.begin() == "NAME         COUNT     PRICE\n──────────  ──────  ────────\n")
    #expect(renderer.add(Self.items[0]) == "Rum, dark        1     12.50\n")
    var lines = ChangeRenderer(Self.columns, as: .json, widths: [])
    #expect(lines.begin() == "")
    #expect(lines.add(Self.items[1]) == #"{"name": "茅台", "count": 1200, "price": "1499.00"}"# + "\n")
  }

  @Test("A bar shows how far the work has come")
  func bar() {
    #expect(
      ProgressMeter.bar(done: 1_200, total: 2_400, noun: "orders", elapsed: .seconds(2))
        == "━━━━━━━━━━━━────────────  1,200 of 2,400 orders  600/s")
    #expect(ProgressMeter.bar(done: 0, total: 0, noun: "orders", elapsed: .zero).hasSuffix("0 of 0 orders  0/s"))
    #expect(ProgressMeter.seconds(.milliseconds(3_057)) == "3.06 s")
  }
}
