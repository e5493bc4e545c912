/// Prometheus' text format, version 0.0.4, while it is written.
struct MetricsText {
  /// What answers that hold it say of their type.
  static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  private(set) var text = ""

  /// Starts a family of samples.
  mutating func begin(_ name: String, _ kind: String) {
    if let help = MetricsHelp.text[name] {
      text += "# HELP \(name) \(Self.escaped(help, quotes: false))\n"
    }
    text += "# TYPE \(name) \(kind)\n"
  }

  /// Adds the samples of one series. `labels` are as ``labels(_:)`` makes them.
  mutating func add(_ name: String, _ labels: String, _ reading: MetricReading) {
    switch reading {
    case .number(let number):
      text += "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(Self.number(number))\n"
    case .histogram(let bounds, let counts, let sum):
      let comma = labels.isEmpty ? "" : ","
      var total: Int64 = 0
      for (index, count) in counts.enumerated() {
        total += count
        let bound = index < bounds.count ? Self.number(bounds[index]) : "+Inf"
        text += "\(name)_bucket{\(labels)\(comma)le=\"\(bound)\"} \(total)\n"
      }
      let braced = labels.isEmpty ? "" : "{\(labels)}"
      text += "\(name)_sum\(braced) \(Self.number(sum))\n\(name)_count\(braced) \(total)\n"
    }
  }

  /// A metric's name: `[a-zA-Z_:][a-zA-Z0-9_:]*`; what has no place in it becomes an underscore.
  static func name(_ label: String) -> String {
    identifier(label) { $0 == UInt8(ascii: ":") }
  }

  /// Labels in order of their names, `name="value"` with commas between; of two with one name the later counts.
  ///
  /// Names of labels are `[a-zA-Z_][a-zA-Z0-9_]*`; `le` is a histogram's own.
  static func labels(_ dimensions: [(String, String)]) -> String {
    var labels: [String: String] = [:]
    for (name, value) in dimensions {
      let name = identifier(name) { _ in false }
      labels[name == "le" ? "le_" : name] = value
    }
    return labels.sorted { $0.key < $1.key }
      .map { "\($0.key)=\"\(escaped($0.value, quotes: true))\"" }.joined(separator: ",")
  }

  /// A number as it is written: whole ones without a fraction.
  static func number(_ number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number > 0 ? "+Inf" : "-Inf" }
    if let whole = Int64(exactly: number) { return String(whole) }
    return "\(number)"
  }

  private static func identifier(_ text: String, isAllowed: (UInt8) -> Bool) -> String {
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
        bytes.append(byte)
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        if bytes.isEmpty { bytes.append(UInt8(ascii: "_")) }
        bytes.append(byte)
      default:
        bytes.append(isAllowed(byte) ? byte : UInt8(ascii: "_"))
      }
    }
    return bytes.isEmpty ? "_" : String(decoding: bytes, as: UTF8.self)
  }

  private static func escaped(_ text: String, quotes: Bool) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += #"\\"#
      case "\n": escaped += #"\n"#
      case "\"" where quotes: escaped += #"\""#
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
