/// A table as it is carried from one store to another: its name, and its columns in declared order.
package struct TableHead: Sendable, Hashable {
  /// What a column holds, whichever database keeps it.
  package enum Content: UInt8, Sendable, Hashable {
    case integer = 1
    case text = 2
    case bytes = 3
  }

  package struct Column: Sendable, Hashable {
    package var name: String
    package var content: Content

    package init(_ name: String, _ content: Content) {
      self.name = name
      self.content = content
    }
  }

  package var name: String
  package var columns: [Column]

  package init(name: String, columns: [Column]) {
    self.name = name
    self.columns = columns
  }
}

/// A table of the schema, as the database's catalogue tells it.
struct StoreTable: Sendable, Hashable {
  /// Columns whose values name a row of a table.
  struct ForeignKey: Sendable, Hashable {
    var columns: [String]
    var table: String
    var referenced: [String]
  }

  var head: TableHead
  /// The columns of the primary key, in its order.
  var primaryKey: [String]
  /// The columns that may be NULL.
  var nullable: Set<String>
  var foreignKeys: [ForeignKey]

  var name: String { head.name }

  /// The columns that name another row of this table.
  var selfReferences: [String] {
    foreignKeys.filter { $0.table == name }.flatMap(\.columns).filter { !primaryKey.contains($0) }
  }
}

/// What one table held, in numbers that are equal for equal content in either database.
package struct TableSummary: Sendable, Hashable {
  package var name: String
  package var rows: Int64
  /// SHA-256 over the table's name, its columns, and its rows in the order of the primary key.
  package var checksum: [UInt8]

  package init(name: String, rows: Int64, checksum: [UInt8]) {
    self.name = name
    self.rows = rows
    self.checksum = checksum
  }
}
