/// Everything that is fuzzed.
enum FuzzTargets {
  static let all: [FuzzTarget] = [
    .messages, .errorDetails, .framing, .gzip, .headers, .serverConnection, .clientConnection, .filter, .pageToken,
    .ruleSetText, .ruleSetJSON, .csvImport, .values, .addresses, .storedBytes,
  ]

  static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}
