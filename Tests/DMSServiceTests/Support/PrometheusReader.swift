import Foundation

/// Reads Prometheus' text format 0.0.4, and takes nothing that the format does not allow.
struct PrometheusReader {
  struct Sample: Equatable {
    var name: String
    var labels: [String: String]
    var value: Double
  }

  struct Malformed: Error {
    var line: Int
    var reason: String
  }

  /// The kind of each family.
  private(set) var types: [String: String] = [:]
  private(set) var helps: [String: String] = [:]
  private(set) var samples: [Sample] = []

  /// Reads a whole answer.
  init(_ text: String) throws {
    guard text.hasSuffix("\n") else { throw Malformed(line: 0, reason: "the last line does not end") }
    var finished: Set<String> = []
    var family = ""
    var seen: Set<String> = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().enumerated() {
      func fail(_ reason: String) -> Malformed { Malformed(line: index + 1, reason: "\(reason): \(line)") }
      if line.hasPrefix("#") {
        let parts = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "#", Self.isName(parts[2]) else { throw fail("no comment that we write") }
        let name = String(parts[2])
        if name != family {
          finished.insert(family)
          family = name
          guard !finished.contains(name) else { throw fail("a family in two places") }
        }
        if parts[1] == "HELP" {
          guard helps[name] == nil, types[name] == nil else { throw fail("HELP twice, or after TYPE") }
          helps[name] = String(parts[3])
        } else if parts[1] == "TYPE", ["counter", "gauge", "histogram"].contains(parts[3]) {
          guard types[name] == nil else { throw fail("TYPE twice") }
          types[name] = String(parts[3])
        } else {
          throw fail("neither HELP nor TYPE")
        }
        continue
      }
      guard let sample = Self.sample(line) else { throw fail("no sample") }
      let isHistogram = types[family] == "histogram"
      let names = isHistogram ? ["_bucket", "_sum", "_count"].map { family + $0 } : [family]
      guard names.contains(sample.name) else { throw fail("a sample of another family than \(family)") }
      guard seen.insert("\(sample.name)\(sample.labels.sorted { $0.key < $1.key })").inserted else {
        throw fail("a series twice")
      }
      samples.append(sample)
    }
    try checkHistograms()
  }

  /// The value of the one series of a name that has at least these labels.
  func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
    let found = samples.filter { sample in
      sample.name == name && labels.allSatisfy { sample.labels[$0.key] == $0.value }
    }
    return found.count == 1 ? found[0].value : nil
  }

  /// Every histogram has buckets that grow, the last of them +Inf and as large as the count.
  private func checkHistograms() throws {
    for (name, type) in types where type == "histogram" {
      let buckets = Dictionary(grouping: samples.filter { $0.name == name + "_bucket" }) { sample in
        sample.labels.filter { $0.key != "le" }
      }
      for (labels, series) in buckets {
        let bounds = series.compactMap { $0.labels["le"].flatMap(Self.number) }
        guard bounds.count == series.count, bounds == bounds.sorted(), bounds.last == .infinity,
          series.map(\.value) == series.map(\.value).sorted(),
          samples.contains(Sample(name: name + "_count", labels: labels, value: series.last?.value ?? -1)),
          samples.contains(where: { $0.name == name + "_sum" && $0.labels == labels })
        else { throw Malformed(line: 0, reason: "the histogram \(name) \(labels)") }
      }
    }
  }

  private static func sample(_ line: Substring) -> Sample? {
    var rest = line
    let name = rest.prefix { $0 != "{" && $0 != " " }
    guard isName(name) else { return nil }
    rest = rest.dropFirst(name.count)
    var labels: [String: String] = [:]
    if rest.first == "{" {
      rest = rest.dropFirst()
      repeat {
        let label = rest.prefix { $0 != "=" }
        guard isName(label), !label.contains(":"), labels[String(label)] == nil else { return nil }
        rest = rest.dropFirst(label.count)
        guard rest.hasPrefix("=\"") else { return nil }
        rest = rest.dropFirst(2)
        guard let value = quoted(&rest) else { return nil }
        labels[String(label)] = value
        guard let next = rest.popFirst(), next == "," || next == "}" else { return nil }
        if next == "}" { break }
      } while true
    }
    guard rest.first == " ", let value = number(String(rest.dropFirst())) else { return nil }
    return Sample(name: String(name), labels: labels, value: value)
  }

  /// What stands up to the closing quotation mark.
  private static func quoted(_ rest: inout Substring) -> String? {
    var value = ""
    while let character = rest.popFirst() {
      switch character {
      case "\"": return value
      case "\\":
        switch rest.popFirst() {
        case "\\": value.append("\\")
        case "\"": value.append("\"")
        case "n": value.append("\n")
        default: return nil
        }
      default: value.append(character)
      }
    }
    return nil
  }

  private static func number(_ text: String) -> Double? {
    switch text {
    case "+Inf": .infinity
    case "-Inf": -.infinity
    case "NaN": .nan
    default: text.contains(where: { $0.isLetter && $0 != "e" }) ? nil : Double(text)
    }
  }

  private static func isName(_ name: Substring) -> Bool {
    guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
    return name.utf8.allSatisfy { byte in
      (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
        || byte == 0x5F || byte == 0x3A
    }
  }
}
