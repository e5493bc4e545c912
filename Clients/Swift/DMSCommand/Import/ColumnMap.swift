/// A column that an import knows.
struct ColumnSpec: Equatable, Sendable {
  let name: String
  let isRequired: Bool

  init(_ name: String, required isRequired: Bool = false) {
    self.name = name
    self.isRequired = isRequired
  }
}

/// Which column of an import stands where in a file: by the header's names, by `--map column=header`, or as
/// one value for every row by `--set column=value`.
struct ColumnMap: Equatable, Sendable {
  private let places: [String: Int]
  private let constants: [String: String]
  /// Names of the header that no column takes.
  let unused: [String]

  /// Throws ``CommandFailure`` that names everything that is wrong at once.
  init(
    header: [String], columns: [ColumnSpec], maps: [String] = [], constants: [String] = [], file: String
  ) throws(CommandFailure) {
    var problems: [String] = []
    let known = Set(columns.map(\.name))
    let headers = Self.byName(header, &problems)
    let maps = Self.pairs(maps, option: "--map", known: known, &problems)
    self.constants = Self.pairs(constants, option: "--set", known: known, &problems)
    var places: [String: Int] = [:]
    for column in columns {
      if let wanted = maps[column.name] {
        if let place = headers[wanted.lowercased()] {
          places[column.name] = place
        } else {
          problems.append("--map \(column.name)=\(wanted): the header has no \"\(wanted)\"")
        }
      } else if let place = headers[column.name], self.constants[column.name] == nil {
        places[column.name] = place
      } else if column.isRequired, self.constants[column.name] == nil {
        problems.append(
          "no column \"\(column.name)\": add it, or name the one that holds it with --map \(column.name)=…")
      }
    }
    guard problems.isEmpty else {
      throw CommandFailure(
        "the columns of \(file) do not fit; nothing was stored",
        details: problems + ["its header: " + header.joined(separator: ", ")],
        remedy: "Columns are: "
          + columns.map { $0.isRequired ? "\($0.name) (required)" : $0.name }.joined(separator: ", "),
        status: ExitStatus.invalidInput)
    }
    let used = Set(places.values)
    self.places = places
    unused = header.indices.filter { !used.contains($0) && !header[$0].isEmpty }.map { header[$0] }
  }

  /// The text of a column in a row, without blanks around it; nil when no column gives it or it is empty.
  func text(_ column: String, in row: CSVFile.Row) -> String? {
    guard let place = places[column], place < row.fields.count else { return constants[column] }
    let text = row.fields[place]
    guard text.first?.isWhitespace == true || text.last?.isWhitespace == true else { return text.isEmpty ? nil : text }
    let trimmed = text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()
    return trimmed.isEmpty ? nil : String(trimmed)
  }

  private static func byName(_ header: [String], _ problems: inout [String]) -> [String: Int] {
    var headers: [String: Int] = [:]
    for (place, name) in header.enumerated() where !name.isEmpty {
      if headers.updateValue(place, forKey: name.lowercased()) != nil {
        problems.append("the header names \"\(name)\" twice")
      }
    }
    return headers
  }

  private static func pairs(
    _ texts: [String], option: String, known: Set<String>, _ problems: inout [String]
  ) -> [String: String] {
    var pairs: [String: String] = [:]
    for text in texts {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
        problems.append("\(option) \(text): write \(option) column=…")
        continue
      }
      guard known.contains(parts[0]) else {
        problems.append("\(option) \(text): there is no column \"\(parts[0])\"")
        continue
      }
      pairs[parts[0]] = parts[1]
    }
    return pairs
  }
}
