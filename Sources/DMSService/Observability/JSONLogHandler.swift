internal import Foundation
package import Logging

/// Writes each log line as one JSON object: `time` (UTC, RFC 3339), `level`, `logger`, `message`, and what the line
/// carries under its own names. A name that is one of these four gets an underscore.
package struct JSONLogHandler: LogHandler {
  package var logLevel = Logger.Level.info
  package var metadata: Logger.Metadata = [:]
  package var metadataProvider: Logger.MetadataProvider?

  private let label: String
  private let write: @Sendable (String) -> Void
  private let now: @Sendable () -> Int64

  /// A handler that gives its lines, each with its line break, to `write`; by default to standard error. `now` is the
  /// time in microseconds since 1970.
  package init(
    label: String, now: @escaping @Sendable () -> Int64 = ServiceEnvironment.systemClock,
    write: @escaping @Sendable (String) -> Void = { FileHandle.standardError.write(Data($0.utf8)) }
  ) {
    self.label = label
    self.now = now
    self.write = write
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    var fields = metadata
    if let provided = metadataProvider?.get() { fields.merge(provided) { $1 } }
    if let own = event.metadata { fields.merge(own) { $1 } }
    var line = "{\"time\":\"\(Self.time(now()))\",\"level\":\"\(event.level)\",\"logger\":"
    line.appendJSON(label)
    line += ",\"message\":"
    line.appendJSON("\(event.message)")
    if let error = event.error, fields["error"] == nil { fields["error"] = "\(error)" }
    for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
      line += ","
      line.appendJSON(Self.own.contains(key) ? key + "_" : key)
      line += ":"
      line.appendJSON(value)
    }
    write(line + "}\n")
  }

  private static let own: Set<String> = ["time", "level", "logger", "message"]

  private static func time(_ micros: Int64) -> String {
    let date = Date(timeIntervalSince1970: Double(micros / 1_000_000))
    let fraction = String(micros % 1_000_000)
    let whole = date.formatted(.iso8601.dateSeparator(.dash).timeSeparator(.colon))
    return "\(whole.dropLast()).\(String(repeating: "0", count: max(0, 6 - fraction.count)))\(fraction)Z"
  }
}

extension String {
  /// Adds a text as JSON writes it.
  fileprivate mutating func appendJSON(_ text: String) {
    append("\"")
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": append("\\\"")
      case "\\": append("\\\\")
      case "\n": append("\\n")
      case "\r": append("\\r")
      case "\t": append("\\t")
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
      default: unicodeScalars.append(scalar)
      }
    }
    append("\"")
  }

  fileprivate mutating func appendJSON(_ value: Logger.Metadata.Value) {
    switch value {
    case .string(let text): appendJSON(text)
    case .stringConvertible(let value): appendJSON(value.description)
    case .array(let values):
      append("[")
      for (index, value) in values.enumerated() {
        if index > 0 { append(",") }
        appendJSON(value)
      }
      append("]")
    case .dictionary(let values):
      append("{")
      for (index, (key, value)) in values.sorted(by: { $0.key < $1.key }).enumerated() {
        if index > 0 { append(",") }
        appendJSON(key)
        append(":")
        appendJSON(value)
      }
      append("}")
    }
  }
}
