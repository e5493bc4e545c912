/// The Swift names of everything that a set of schemas declares.
///
/// All packages of a set are generated into one module, so names leave the package out and must be unique;
/// `GeneratorError.nameClash` says when they are not.
struct SwiftNames {
  /// The module that is generated, such as `DMSAPI`.
  let module: String
  /// Swift names of messages and enumerations, from the top of the module, by full name.
  private var types: [String: String] = [:]
  /// The messages by full name.
  private(set) var messages: [String: SchemaMessage] = [:]
  /// The enumerations by full name.
  private(set) var enums: [String: SchemaEnum] = [:]
  /// The names declared directly inside each message, by the message's full name.
  private var nested: [String: Set<String>] = [:]

  /// Messages whose own names mean something else in Swift, or next to other packages.
  private static let renamed = [
    "google.protobuf.Any": "AnyMessage",
    "google.protobuf.Duration": "ProtoDuration",
    "google.rpc.Status": "RpcStatus",
  ]

  /// What generated code calls by these names is Swift's.
  private static let taken: Set<String> = [
    "Any", "Array", "Bool", "Dictionary", "Double", "EnumValue", "Error", "Float", "Int", "Int32", "Int64",
    "Message", "MessageArena", "MessageReader", "Optional", "Protocol", "Self", "String", "Type", "UInt32", "UInt64",
    "UInt8", "Void",
  ]

  init(_ schema: Schema, module: String) throws(GeneratorError) {
    self.module = module
    var owners: [String: String] = [:]
    for file in schema.files {
      for message in file.messages {
        try claim(SwiftNames.renamed[message.fullName] ?? message.name, for: message.fullName, &owners)
        try add(message, as: SwiftNames.renamed[message.fullName] ?? message.name)
      }
      for enumeration in file.enums {
        try claim(enumeration.name, for: enumeration.fullName, &owners)
        add(enumeration, as: enumeration.name)
      }
      for service in file.services {
        for suffix in ["Handler", "Client", "Methods"] {
          try claim(service.name + suffix, for: service.fullName, &owners)
        }
      }
    }
  }

  private func claim(
    _ name: String, for fullName: String, _ owners: inout [String: String]
  ) throws(GeneratorError) {
    if SwiftNames.taken.contains(name) {
      throw .nameClash(swiftName: name, first: fullName, second: "what Swift itself calls so")
    }
    if let other = owners.updateValue(fullName, forKey: name) {
      throw .nameClash(swiftName: name, first: other, second: fullName)
    }
  }

  private mutating func add(_ message: SchemaMessage, as name: String) throws(GeneratorError) {
    types[message.fullName] = name
    messages[message.fullName] = message
    var inside = Set(message.messages.map(\.name) + message.enums.map(\.name))
    for taken in inside where SwiftNames.taken.contains(taken) {
      throw .nameClash(swiftName: taken, first: message.fullName + "." + taken, second: "what Swift itself calls so")
    }
    for oneof in message.oneofs { inside.insert(SwiftNames.oneofType(oneof, in: message)) }
    nested[message.fullName] = inside
    for inner in message.messages { try add(inner, as: name + "." + inner.name) }
    for inner in message.enums { add(inner, as: name + "." + inner.name) }
  }

  private mutating func add(_ enumeration: SchemaEnum, as name: String) {
    types[enumeration.fullName] = name
    enums[enumeration.fullName] = enumeration
  }

  /// How code at the top of the module calls the message or enumeration `fullName`.
  func type(_ fullName: String) -> String {
    types[fullName] ?? fullName
  }

  /// How code inside the message `scope` calls the message or enumeration `fullName`.
  func type(_ fullName: String, inside scope: String) -> String {
    let name = type(fullName)
    let first = String(name.prefix { $0 != "." })
    var enclosing = scope
    while let inside = nested[enclosing] {
      if inside.contains(first) { return module + "." + name }
      guard let dot = enclosing.lastIndex(of: ".") else { break }
      enclosing = String(enclosing[..<dot])
    }
    return name
  }

  /// Name of the enumeration that stands for `oneof` in `message`.
  static func oneofType(_ oneof: SchemaOneof, in message: SchemaMessage) -> String {
    let name = capitalised(property(oneof.name))
    let clashes =
      message.name == name || message.messages.contains { $0.name == name }
      || message.enums.contains { $0.name == name }
    return clashes || taken.contains(name) ? name + "OneOf" : name
  }

  // MARK: - Members

  /// The property's name for a field or oneof, such as `orderID` for `order_id`; without backticks.
  static func property(_ name: String) -> String {
    let words = name.split(separator: "_")
    let joined = words.enumerated().map { $0 == 0 ? String($1) : word($1) }.joined()
    return joined.first?.isNumber ?? true ? "_" + joined : joined
  }

  private static func word(_ word: Substring) -> String {
    switch word {
    case "id": "ID"
    case "ids": "IDs"
    case "url": "URL"
    case "urls": "URLs"
    default: capitalised(String(word))
    }
  }

  /// The case's name for the value `name` of `enumeration`; without backticks.
  static func enumCase(_ name: String, of enumeration: SchemaEnum) -> String {
    let prefix = screaming(enumeration.name)
    var rest = Substring(name)
    if name.hasPrefix(prefix + "_") { rest = name.dropFirst(prefix.count + 1) }
    let result = property(rest.lowercased())
    return result == "unrecognized" ? "unrecognizedValue" : result
  }

  /// `OrderState` as `ORDER_STATE`, `SKUState` as `SKU_STATE`.
  private static func screaming(_ name: String) -> String {
    let letters = Array(name)
    var result = ""
    for (index, letter) in letters.enumerated() {
      if letter.isUppercase, index > 0 {
        let endsRun = index + 1 < letters.count && letters[index + 1].isLowercase
        if !letters[index - 1].isUppercase || endsRun { result.append("_") }
      }
      result += letter.uppercased()
    }
    return result
  }

  /// The function's name for the method `name`, such as `placeOrder` for `PlaceOrder`.
  static func method(_ name: String) -> String {
    (name.first?.lowercased() ?? "") + name.dropFirst()
  }

  /// `name` with a capital at its beginning.
  static func capitalised(_ name: String) -> String {
    (name.first?.uppercased() ?? "") + name.dropFirst()
  }

  /// `name` in backticks when Swift would read it as a keyword.
  static func escaped(_ name: String) -> String {
    keywords.contains(name) ? "`\(name)`" : name
  }

  private static let keywords: Set<String> = [
    "Any", "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer", "deinit", "do",
    "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import", "in",
    "init", "inout", "internal", "is", "let", "nil", "operator", "precedencegroup", "private", "protocol", "public",
    "repeat", "rethrows", "return", "self", "static", "struct", "subscript", "super", "switch", "throw", "throws",
    "true", "try", "typealias", "var", "where", "while",
  ]
}
