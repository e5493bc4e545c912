/// The names that protoc-gen-c gives, after `SchemaRewriter` has prepared the schemas for it.
struct CNames {
  /// What C names of packages other than the project's own begin with, such as `dms`: each C module has its
  /// own copy of Google's messages, under names of its own, so that several can be linked together.
  let prefix: String

  /// The package from which C names are made.
  func package(_ package: String) -> String {
    package == "google" || package.hasPrefix("google.") ? "\(prefix).\(package)" : package
  }

  /// Name of the structure of the message, or of the enumeration, that is called `fullName` in `package`.
  func type(_ fullName: String, in package: String) -> String {
    parts(fullName, in: package).map(CNames.camel).joined(separator: "__")
  }

  /// What the functions and the descriptor of the message begin with.
  func lower(_ fullName: String, in package: String) -> String {
    parts(fullName, in: package).map(CNames.snake).joined(separator: "__")
  }

  private func parts(_ fullName: String, in package: String) -> [Substring] {
    let name = self.package(package) + fullName.dropFirst(package.count)
    return name.split(separator: ".")
  }

  private static func camel(_ name: Substring) -> String {
    var result = ""
    var startsWord = true
    for character in name {
      if character == "_" {
        startsWord = true
      } else {
        result.append(startsWord ? Character(character.uppercased()) : character)
        startsWord = false
      }
    }
    return result
  }

  private static func snake(_ name: Substring) -> String {
    var result = ""
    var wasUpper = true
    for character in name {
      if character.isUppercase {
        if !wasUpper { result.append("_") }
        result += character.lowercased()
      } else {
        result.append(character)
      }
      wasUpper = character.isUppercase
    }
    return result
  }

  /// The name that a field, or a oneof, has in C: its own, unless C, C++ or Swift would misread it.
  static func member(_ name: String) -> String {
    reserved.contains(name) ? name + "_field" : name.lowercased()
  }

  private static let reserved: Set<String> = [
    "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case", "catch", "char", "class", "compl",
    "const", "const_cast", "continue", "default", "delete", "do", "double", "dynamic_cast", "else", "enum",
    "explicit", "extern", "false", "float", "for", "friend", "goto", "if", "inline", "int", "long", "mutable",
    "namespace", "new", "not", "not_eq", "operator", "or", "or_eq", "private", "protected", "public", "register",
    "reinterpret_cast", "return", "short", "signed", "sizeof", "static", "static_cast", "struct", "switch",
    "template", "this", "throw", "true", "try", "typedef", "typeid", "typename", "union", "unsigned", "using",
    "virtual", "void", "volatile", "wchar_t", "while", "xor", "xor_eq",
    "base", "init", "self",
  ]

  /// The base name of what is generated for the file at `path`, such as `dms_order_v1_order_service`.
  static func fileStem(_ path: String) -> String {
    var stem = path
    if stem.hasSuffix(".proto") { stem.removeLast(6) }
    return String(stem.map { $0 == "/" || $0 == "-" || $0 == "." ? "_" : $0 })
  }
}
