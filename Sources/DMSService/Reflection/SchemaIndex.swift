/// The schemas of a server, found by file and by what they declare.
package struct SchemaIndex: Sendable {
  private struct File: Sendable {
    /// The encoded `FileDescriptorProto`.
    let bytes: [UInt8]
    /// Names of the files that it imports.
    let imports: [String]
  }

  /// Full names of the services that are served, sorted.
  package let services: [String]
  private var files: [String: File] = [:]
  /// The file's name by the full name of each declaration in it.
  private var declaring: [String: String] = [:]
  private var messages: Set<String> = []

  /// Reads an encoded `google.protobuf.FileDescriptorSet`, and puts a copy for v1alpha beside the schema of reflection.
  package init(fileDescriptorSet: [UInt8], services: [String]) {
    self.services = services.sorted()
    for field in WireFields(fileDescriptorSet[...]) where field.number == 1 {
      add(field.content)
      let alpha = AlphaSchema.file(from: field.content)
      if let alpha { add(alpha[...]) }
    }
  }

  /// The encoded file called `name`, then each file that it needs, once; nil when there is none of this name.
  package func file(named name: String) -> [[UInt8]]? {
    guard files[name] != nil else { return nil }
    var order: [String] = [name]
    var seen: Set<String> = [name]
    var next = 0
    while next < order.count {
      for imported in files[order[next]]?.imports ?? [] where seen.insert(imported).inserted { order.append(imported) }
      next += 1
    }
    return order.compactMap { files[$0]?.bytes }
  }

  /// The same for the file that declares the service, method, message, field, oneof, enumeration or value with the full
  /// name `symbol`.
  package func file(declaring symbol: String) -> [[UInt8]]? {
    declaring[symbol].flatMap { file(named: $0) }
  }

  /// Whether a message has the full name `name`.
  package func isMessage(_ name: String) -> Bool { messages.contains(name) }

  // MARK: - Reading descriptors

  private mutating func add(_ bytes: ArraySlice<UInt8>) {
    let fields = Array(WireFields(bytes))
    guard let name = fields.first(where: { $0.number == 1 })?.text else { return }
    let scope: String = fields.first(where: { $0.number == 2 })?.text ?? ""
    files[name] = File(bytes: Array(bytes), imports: fields.filter { $0.number == 3 }.map(\.text))
    for field in fields {
      switch field.number {
      case 4: addMessage(field.content, in: scope, file: name)
      case 5: addEnum(field.content, in: scope, file: name)
      case 6:
        let service = declare(field.content, in: scope, file: name)
        for method in WireFields(field.content) where method.number == 2 {
          _ = declare(method.content, in: service, file: name)
        }
      default: break
      }
    }
  }

  private mutating func addMessage(_ bytes: ArraySlice<UInt8>, in scope: String, file: String) {
    let name = declare(bytes, in: scope, file: file)
    messages.insert(name)
    for field in WireFields(bytes) {
      switch field.number {
      case 2, 8: _ = declare(field.content, in: name, file: file)
      case 3: addMessage(field.content, in: name, file: file)
      case 4: addEnum(field.content, in: name, file: file)
      default: break
      }
    }
  }

  /// An enumeration and its values, which are named as if they stood beside it.
  private mutating func addEnum(_ bytes: ArraySlice<UInt8>, in scope: String, file: String) {
    _ = declare(bytes, in: scope, file: file)
    for value in WireFields(bytes) where value.number == 2 { _ = declare(value.content, in: scope, file: file) }
  }

  /// Notes the declaration encoded in `bytes`, whose first field is its name in every descriptor; returns its full name.
  private mutating func declare(_ bytes: ArraySlice<UInt8>, in scope: String, file: String) -> String {
    let own: String = WireFields(bytes).first(where: { $0.number == 1 })?.text ?? ""
    let name = scope.isEmpty ? own : scope + "." + own
    declaring[name] = file
    return name
  }
}
