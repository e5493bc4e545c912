/// The order of a list, as the columns that make every row's place in it unique.
///
/// A page starts after the place of the last row of the page before, not after a count of rows: no row is skipped or
/// repeated because another came, and every page costs the same.
package struct KeysetOrder: Sendable, Hashable {
  /// One column of the order.
  package struct Column: Sendable, Hashable {
    /// The column's name in the statement, a text of our own.
    package var name: String
    package var isDescending: Bool

    package init(_ name: String, descending: Bool = false) {
      self.name = name
      isDescending = descending
    }
  }

  package var columns: [Column]

  /// - Parameter columns: most significant first; none of them may be NULL, and together they are unique.
  package init(_ columns: Column...) {
    self.columns = columns
  }

  /// What stands after ORDER BY.
  package var orderBy: String {
    columns.map { $0.isDescending ? "\($0.name) DESC" : $0.name }.joined(separator: ", ")
  }

  /// The condition that a row comes after the place bound to the parameters from `?first` on, one for each column.
  ///
  /// Columns that run one way compare as a row value, for which an index serves in both databases.
  package func after(parametersFrom first: Int) -> String {
    let names = columns.map(\.name)
    let isDescending = columns.first?.isDescending ?? false
    if columns.allSatisfy({ $0.isDescending == isDescending }) {
      let parameters = columns.indices.map { "?\(first + $0)" }
      return "(\(names.joined(separator: ", "))) \(isDescending ? "<" : ">") (\(parameters.joined(separator: ", ")))"
    }
    let alternatives = columns.indices.map { place in
      let equal = (0..<place).map { "\(names[$0]) = ?\(first + $0)" }
      let beyond = "\(names[place]) \(columns[place].isDescending ? "<" : ">") ?\(first + place)"
      return "(\((equal + [beyond]).joined(separator: " AND ")))"
    }
    return "(\(alternatives.joined(separator: " OR ")))"
  }
}
