import DMSStorage
import Foundation

/// What the commands print: a name and a value on each line.
enum Output {
  static func print(_ lines: [(name: String, value: String)]) {
    let width = lines.map(\.name.count).max() ?? 0
    for (name, value) in lines {
      Swift.print(name + String(repeating: " ", count: width - name.count + 2) + value)
    }
  }

  static func seconds(_ duration: Duration) -> String {
    duration.formatted(.units(allowed: [.seconds], width: .wide, fractionalPart: .show(length: 3)))
  }

  static func content(_ tables: [TableSummary]) -> String {
    "\(tables.count) tables, \(tables.reduce(0) { $0 + $1.rows }) rows, checksum \(short(tables.contentChecksum))"
  }

  /// The first 16 bytes of a checksum, which tell any two contents apart.
  static func short(_ checksum: [UInt8]) -> String {
    checksum.prefix(16).map { byte in
      let digits = String(byte, radix: 16)
      return byte < 16 ? "0" + digits : digits
    }.joined()
  }
}

extension CopyReport {
  /// What was carried, for people.
  var lines: [(name: String, value: String)] {
    var lines = [("revision", "\(revision), schema \(schema)"), ("content", Output.content(tables))]
    if let bytes { lines.append(("size", "\(bytes) bytes")) }
    lines.append(("took", Output.seconds(duration)))
    return lines
  }
}

extension VerificationReport {
  /// Everything that is wrong, or that nothing is.
  var findingLines: [(name: String, value: String)] {
    findings.isEmpty
      ? [("findings", "none")]
      : findings.map { ("WRONG: \($0.check.rawValue)", $0.count == 1 ? $0.sentence : "\($0.sentence) (\($0.count))") }
  }
}
