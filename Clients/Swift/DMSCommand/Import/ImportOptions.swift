internal import ArgumentParser
internal import DMSAPI
internal import DMSClient

/// What all imports have in common.
struct ImportOptions: ParsableArguments {
  @Argument(help: "A CSV file in UTF-8 whose first line names the columns; - is standard input.", completion: .file())
  var file: String

  @Option(name: .customLong("map"), help: "The header that holds a column: column=header. May be repeated.")
  var maps: [String] = []

  @Option(name: .customLong("set"), help: "One value for every row: column=value. May be repeated.")
  var constants: [String] = []

  @Flag(help: "Check everything, store nothing.")
  var dryRun = false

  @Flag(help: "Store the rows that are right although others are wrong.")
  var skipBad = false

  @Option(
    help: """
      Another name for this run. A file that is imported again under the same name is a repeat: nothing \
      is stored twice. Under a new name it is stored anew.
      """)
  var run = ""

  @Flag(help: "Show no progress.")
  var quiet = false

  /// Reads the file, and finds its columns; says which of its columns are not used.
  func open(_ columns: [ColumnSpec]) throws(CommandFailure) -> (file: CSVFile, map: ColumnMap) {
    let file = try CSVFile(path: file)
    let map = try ColumnMap(header: file.header, columns: columns, maps: maps, constants: constants, file: file.name)
    if !map.unused.isEmpty, !quiet {
      Terminal.error.line("\(file.name): not used: \(map.unused.joined(separator: ", "))")
    }
    return (file, map)
  }

  /// The ids under which the parts of a file are sent: the same for the same content in every run.
  func requestIDs(for kind: String, of file: CSVFile, with extra: [String] = []) -> ImportRequestIDs {
    ImportRequestIDs(kind: kind, content: file.text, settings: maps.sorted() + constants.sorted() + extra, run: run)
  }
}

/// Request ids that a repeated import makes again.
struct ImportRequestIDs: Sendable {
  private let namespace: RequestID

  init(kind: String, content: String, settings: [String], run: String) {
    // Lengths keep two lists of texts from running together into one.
    let texts = [kind, run] + settings + [content]
    namespace = RequestID(deriving: texts.map { "\($0.utf8.count):\($0)" }.joined())
  }

  /// The id of a part, such as `upsert/3`.
  func id(of part: String) -> String {
    RequestID(deriving: part, namespace: namespace).text
  }

  /// The id of a part that holds the rows on these lines: rows that are left out in one run and not in another make
  /// it another request.
  func id(of part: String, lines: [Int]) -> String {
    id(of: "\(part) \(lines.map(String.init).joined(separator: ","))")
  }
}
