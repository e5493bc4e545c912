/// Writes enumerations.
struct SwiftEnumWriter {
  let enumeration: SchemaEnum

  /// The values of different numbers, each by the first name that it has.
  private var distinct: [SchemaEnumValue] {
    var seen: Set<Int32> = []
    return enumeration.values.filter { seen.insert($0.number).inserted }
  }

  private func caseName(_ value: SchemaEnumValue) -> String {
    SwiftNames.escaped(SwiftNames.enumCase(value.name, of: enumeration))
  }

  func write(to source: inout SourceWriter) {
    let distinct = self.distinct
    source.documentation(enumeration.comment, fallback: "`\(enumeration.fullName)`.")
    source.block("public enum \(enumeration.name): EnumValue {") { source in
      for value in distinct {
        source.documentation(value.comment, fallback: "`\(value.name)`.")
        source.line("case \(caseName(value))")
      }
      source.line("/// A number that this version of the schema does not name.")
      source.line("case unrecognized(Int32)")
      source.line()
      writeAliases(to: &source)
      source.line("/// Every value that the schema names.")
      let all = distinct.map { "." + caseName($0) }.joined(separator: ", ")
      source.line("public static let allCases: [\(enumeration.name)] = [\(all)]")
      source.line()
      source.block("public init(rawValue: Int32) {") { source in
        source.line("switch rawValue {")
        for value in distinct { source.line("case \(value.number): self = .\(caseName(value))") }
        source.line("default: self = .unrecognized(rawValue)")
        source.line("}")
      }
      source.line()
      source.block("public var rawValue: Int32 {") { source in
        source.line("switch self {")
        for value in distinct { source.line("case .\(caseName(value)): \(value.number)") }
        source.line("case .unrecognized(let number): number")
        source.line("}")
      }
      source.line()
      source.block("public init?(name: String) {") { source in
        source.line("switch name {")
        for value in enumeration.values {
          source.line("case \"\(value.name)\": self.init(rawValue: \(value.number))")
        }
        source.line("default: return nil")
        source.line("}")
      }
      source.line()
      source.block("public var name: String {") { source in
        source.line("switch self {")
        for value in distinct { source.line("case .\(caseName(value)): \"\(value.name)\"") }
        source.line("case .unrecognized(let number): String(number)")
        source.line("}")
      }
    }
  }

  private func writeAliases(to source: inout SourceWriter) {
    var first: [Int32: SchemaEnumValue] = [:]
    for value in enumeration.values {
      guard let original = first[value.number] else {
        first[value.number] = value
        continue
      }
      source.documentation(value.comment, fallback: "`\(value.name)`, another name of `\(original.name)`.")
      source.line("public static let \(caseName(value)) = \(enumeration.name).\(caseName(original))")
    }
  }
}
