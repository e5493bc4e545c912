/// A value of a listing, in all the ways in which it can be written.
indirect enum Value: Equatable, Sendable {
  case none
  case text(String)
  case integer(Int64)
  case flag(Bool)
  /// Millionths of a currency unit; a decimal everywhere, in JSON as a string so that no reader rounds it.
  case amount(Int64)
  case list([Value])
  case record([Field])

  /// A named value of a record.
  struct Field: Equatable, Sendable {
    let name: String
    let value: Value

    init(_ name: String, _ value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// A text, or nothing when it is empty.
  static func optional(_ text: String) -> Value {
    text.isEmpty ? .none : .text(text)
  }

  /// A count, or nothing when it is zero.
  static func optional(_ number: Int64) -> Value {
    number == 0 ? .none : .integer(number)
  }

  /// Texts as a list.
  static func texts(_ texts: [String]) -> Value {
    .list(texts.map(Value.text))
  }

  /// The value on one line, for tables and CSV.
  var plain: String {
    switch self {
    case .none: ""
    case .text(let text): text
    case .integer(let number): String(number)
    case .flag(let flag): flag ? "yes" : "no"
    case .amount(let micros): MoneyText.text(micros)
    case .list(let values): values.map(\.plain).joined(separator: ";")
    case .record(let fields): fields.map { "\($0.name)=\($0.value.plain)" }.joined(separator: " ")
    }
  }

  /// The value as JSON on one line. Members without a value are left out.
  var json: String {
    switch self {
    case .none: "null"
    case .text(let text): Self.quoted(text)
    case .integer(let number): String(number)
    case .flag(let flag): flag ? "true" : "false"
    case .amount(let micros): Self.quoted(MoneyText.text(micros))
    case .list(let values): "[" + values.map(\.json).joined(separator: ", ") + "]"
    case .record(let fields):
      "{"
        + fields.filter { $0.value != .none }.map { "\(Self.quoted($0.name)): \($0.value.json)" }
        .joined(separator: ", ") + "}"
    }
  }

  /// A JSON string.
  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case "\u{0}"..<"\u{20}", "\u{7F}", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
