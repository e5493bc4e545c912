/// Writes messages: plain structures, how they are read from the C structures that protobuf-c unpacks, and how
/// they are stored in those that it packs.
struct SwiftMessageWriter {
  let message: SchemaMessage
  let names: SwiftNames
  let cNames: CNames

  private var structure: String { cNames.type(message.fullName, in: message.package) }
  private var lower: String { cNames.lower(message.fullName, in: message.package) }
  private var codes: [SwiftFieldCode] {
    message.fields.map { SwiftFieldCode(field: $0, message: message, names: names) }
  }

  func write(to source: inout SourceWriter) {
    let name = names.type(message.fullName).split(separator: ".").last.map(String.init) ?? message.name
    source.documentation(message.comment, fallback: "`\(message.fullName)`.")
    source.block("public struct \(name): Message {") { source in
      writeProperties(to: &source)
      source.line("public init() {}")
      source.line()
      source.line("public static var fullName: String { \"\(message.fullName)\" }")
      source.line("public static var _descriptor: UnsafeRawPointer { UnsafeRawPointer(\(lower)__pointer()) }")
      source.line()
      writeReading(to: &source)
      source.line()
      writeStoring(to: &source)
      for oneof in message.oneofs.indices { writeOneofType(oneof, to: &source) }
      for nested in message.messages where !nested.isMapEntry {
        source.line()
        SwiftMessageWriter(message: nested, names: names, cNames: cNames).write(to: &source)
      }
      for nested in message.enums {
        source.line()
        SwiftEnumWriter(enumeration: nested).write(to: &source)
      }
    }
  }

  // MARK: - Properties

  private func writeProperties(to source: inout SourceWriter) {
    for code in codes {
      if let index = code.field.oneof {
        let oneof = message.oneofs[index]
        guard members(of: index).first?.field.number == code.field.number else { continue }
        source.documentation(oneof.comment, fallback: "At most one of `\(oneof.name)`; nil when none is set.")
        source.line(
          "public var \(SwiftNames.escaped(SwiftNames.property(oneof.name))): \(SwiftNames.oneofType(oneof, in: message))?"
        )
      } else {
        source.documentation(code.field.comment, fallback: "`\(code.field.name)`.")
        source.line("public var \(SwiftNames.escaped(code.property)): \(code.declaration)")
      }
    }
    if !codes.isEmpty { source.line() }
  }

  private func members(of oneof: Int) -> [SwiftFieldCode] {
    codes.filter { $0.field.oneof == oneof }
  }

  private func writeOneofType(_ index: Int, to source: inout SourceWriter) {
    let oneof = message.oneofs[index]
    source.line()
    source.line("/// What `\(oneof.name)` can be.")
    source.block("public enum \(SwiftNames.oneofType(oneof, in: message)): Sendable, Hashable {") { source in
      for code in members(of: index) {
        source.documentation(code.field.comment, fallback: "`\(code.field.name)`.")
        source.line("case \(SwiftNames.escaped(code.property))(\(code.itemType))")
      }
    }
  }

  // MARK: - Reading

  private func writeReading(to source: inout SourceWriter) {
    source.block("public init(_reading structure: UnsafeRawPointer) throws(DecodingError) {") { source in
      if codes.isEmpty { return }
      source.line("let c = structure.assumingMemoryBound(to: \(structure).self)")
      for code in codes { writeReading(of: code, to: &source) }
    }
  }

  private func writeReading(of code: SwiftFieldCode, to source: inout SourceWriter) {
    let property = SwiftNames.escaped(code.property)
    if let index = code.field.oneof {
      if members(of: index).first?.field.number == code.field.number { writeReading(ofOneof: index, to: &source) }
    } else if let entry = code.mapEntry {
      writeReading(ofMap: code, entry: entry, to: &source)
    } else if code.field.isRepeated {
      source.line("self.\(property) = \(code.readingAll)")
    } else if code.isMessage {
      source.line("if let value = \(code.member) { self.\(property) = \(code.reading("value")) }")
    } else if code.field.isOptional {
      source.line(
        "if \(code.optionalCase).rawValue == \(code.field.number) { self.\(property) = \(code.reading(code.member)) }")
    } else {
      source.line("self.\(property) = \(code.reading(code.member))")
    }
  }

  private func writeReading(ofOneof index: Int, to source: inout SourceWriter) {
    let oneof = message.oneofs[index]
    let property = SwiftNames.escaped(SwiftNames.property(oneof.name))
    source.line("switch c.pointee.\(CNames.member(oneof.name))_case.rawValue {")
    for code in members(of: index) {
      let name = SwiftNames.escaped(code.property)
      source.line("case \(code.field.number):")
      if code.isMessage {
        source.line("  if let value = \(code.member) { self.\(property) = .\(name)(\(code.reading("value"))) }")
      } else {
        source.line("  self.\(property) = .\(name)(\(code.reading(code.member)))")
      }
    }
    source.line("default: break")
    source.line("}")
  }

  private func writeReading(ofMap code: SwiftFieldCode, entry: SchemaMessage, to source: inout SourceWriter) {
    guard entry.fields.count == 2 else { return }
    let key = SwiftFieldCode(field: entry.fields[0], message: entry, names: names)
    let value = SwiftFieldCode(field: entry.fields[1], message: entry, names: names)
    source.block("for case let c? in MessageReader.entries(\(code.count), \(code.member)) {") { source in
      source.line("let key = \(key.reading(key.member))")
      if value.isMessage {
        source.line("var value = \(value.zero)")
        source.line("if let item = \(value.member) { value = \(value.reading("item")) }")
      } else {
        source.line("let value = \(value.reading(value.member))")
      }
      source.line("self.\(SwiftNames.escaped(code.property))[key] = value")
    }
  }

  // MARK: - Storing

  /// What the singular fields take at most; of a oneof the largest member.
  private func sizeBound(_ codes: [SwiftFieldCode]) -> Int {
    var bound = 0
    var oneofs: [Int: Int] = [:]
    for code in codes where !code.field.isRepeated {
      if let oneof = code.field.oneof {
        oneofs[oneof] = max(oneofs[oneof] ?? 0, code.sizeBound)
      } else {
        bound += code.sizeBound
      }
    }
    return bound + oneofs.values.reduce(0, +)
  }

  private func writeStoring(to source: inout SourceWriter) {
    source.block("public func _store(in arena: MessageArena) -> UnsafeMutableRawPointer {") { source in
      source.line("let c = arena.structure(\(structure).self, bound: \(sizeBound(codes)))")
      source.line("\(lower)__init(c)")
      for code in codes { writeStoring(of: code, to: &source) }
      source.line("return UnsafeMutableRawPointer(c)")
    }
  }

  private func writeStoring(of code: SwiftFieldCode, to source: inout SourceWriter) {
    let property = "self.\(SwiftNames.escaped(code.property))"
    if let index = code.field.oneof {
      if members(of: index).first?.field.number == code.field.number { writeStoring(ofOneof: index, to: &source) }
    } else if let entry = code.mapEntry {
      writeStoring(ofMap: code, entry: entry, to: &source)
    } else if code.field.isRepeated {
      source.block("if !\(property).isEmpty {") { source in
        source.line("\(code.count) = \(property).count")
        source.line("\(code.member) = \(code.storingAll(property))")
      }
    } else if code.isMessage {
      source.line("if let value = \(property) { \(code.member) = \(code.storing("value")) }")
    } else if code.field.isOptional {
      source.block("if let value = \(property) {") { source in
        writeStoring(of: "value", withCaseOf: code, to: &source)
      }
    } else if code.hasHiddenPresence {
      source.block("if \(property).bitPattern != 0 {") { source in
        writeStoring(of: property, withCaseOf: code, to: &source)
      }
    } else {
      source.line("\(code.member) = \(code.storing(property))")
    }
  }

  private func writeStoring(of value: String, withCaseOf code: SwiftFieldCode, to source: inout SourceWriter) {
    source.line("\(code.optionalCase) = .init(rawValue: \(code.field.number))")
    source.line("\(code.member) = \(code.storing(value))")
  }

  private func writeStoring(ofOneof index: Int, to source: inout SourceWriter) {
    let oneof = message.oneofs[index]
    let member = "c.pointee.\(CNames.member(oneof.name))_case"
    source.line("switch self.\(SwiftNames.escaped(SwiftNames.property(oneof.name))) {")
    for code in members(of: index) {
      source.line("case .\(SwiftNames.escaped(code.property))(let value):")
      source.line("  \(member) = .init(rawValue: \(code.field.number))")
      source.line("  \(code.member) = \(code.storing("value"))")
    }
    source.line("case nil: break")
    source.line("}")
  }

  private func writeStoring(ofMap code: SwiftFieldCode, entry: SchemaMessage, to source: inout SourceWriter) {
    guard entry.fields.count == 2 else { return }
    let property = "self.\(SwiftNames.escaped(code.property))"
    let key = SwiftFieldCode(field: entry.fields[0], message: entry, names: names)
    let value = SwiftFieldCode(field: entry.fields[1], message: entry, names: names)
    let order =
      switch key.field.type {
      case .bool: "!$0.key && $1.key"
      case .string: "$0.key.utf8.lexicographicallyPrecedes($1.key.utf8)"
      default: "$0.key < $1.key"
      }
    let entryType = cNames.type(entry.fullName, in: entry.package)
    let bound = key.sizeBound + value.sizeBound
    source.block("if !\(property).isEmpty {") { source in
      source.line("let message = c")
      source.line("let entries = arena.entries(\(entryType).self, \(property).count)")
      source.block("for (index, (key, value)) in \(property).sorted(by: { \(order) }).enumerated() {") { source in
        source.line("let c = arena.structure(\(entryType).self, bound: \(bound))")
        source.line("\(cNames.lower(entry.fullName, in: entry.package))__init(c)")
        writeStoring(of: "key", withCaseOf: key, to: &source)
        if value.isMessage {
          source.line("\(value.member) = \(value.storing("value"))")
        } else {
          writeStoring(of: "value", withCaseOf: value, to: &source)
        }
        source.line("entries[index] = c")
      }
      source.line("message.pointee.n_\(CNames.member(code.field.name)) = \(property).count")
      source.line("message.pointee.\(CNames.member(code.field.name)) = entries")
    }
  }
}
