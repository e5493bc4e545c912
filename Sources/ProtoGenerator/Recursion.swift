extension Schema {
  /// A circle of messages that contain one another, first and last alike; nil when there is none.
  ///
  /// The C runtime decodes such messages to any depth that the input asks for, so no served schema may have one.
  package func recursion() -> [String]? {
    var contained: [String: [String]] = [:]
    func collect(_ message: SchemaMessage) {
      contained[message.fullName] = message.fields.compactMap {
        if case .message(let name) = $0.type { name } else { nil }
      }
      for nested in message.messages { collect(nested) }
    }
    for file in files { for message in file.messages { collect(message) } }

    var settled: Set<String> = []
    var path: [String] = []
    func visit(_ name: String) -> [String]? {
      if let start = path.firstIndex(of: name) { return Array(path[start...]) + [name] }
      if !settled.insert(name).inserted { return nil }
      path.append(name)
      defer { path.removeLast() }
      for inner in contained[name] ?? [] {
        if let cycle = visit(inner) { return cycle }
      }
      return nil
    }
    for name in contained.keys.sorted() {
      if let cycle = visit(name) { return cycle }
    }
    return nil
  }
}
