/// Encoded descriptors, built field by field: tests need no protoc.
struct Descriptors {
  private(set) var bytes: [UInt8] = []

  /// Adds a field of varint type.
  mutating func add(_ number: Int, _ value: Int) {
    append(varint: number << 3)
    append(varint: value)
  }

  /// Adds a field of bytes, text or message type.
  mutating func add(_ number: Int, _ content: [UInt8]) {
    append(varint: number << 3 | 2)
    append(varint: content.count)
    bytes += content
  }

  mutating func add(_ number: Int, _ text: String) { add(number, Array(text.utf8)) }

  private mutating func append(varint value: Int) {
    var rest = UInt64(bitPattern: Int64(value))
    while rest > 127 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  static func build(_ fill: (inout Descriptors) -> Void) -> [UInt8] {
    var descriptors = Descriptors()
    fill(&descriptors)
    return descriptors.bytes
  }

  // MARK: - Parts, with the numbers of google/protobuf/descriptor.proto

  /// A `FileDescriptorSet`.
  static func set(_ files: [UInt8]...) -> [UInt8] {
    build { set in for file in files { set.add(1, file) } }
  }

  static func file(
    _ path: String, package: String, messages: [[UInt8]] = [], enums: [[UInt8]] = [], services: [[UInt8]] = [],
    comments: [(path: [Int], text: String)] = [], syntax: String? = "proto3"
  ) -> [UInt8] {
    build { file in
      file.add(1, path)
      file.add(2, package)
      for item in messages { file.add(4, item) }
      for item in enums { file.add(5, item) }
      for item in services { file.add(6, item) }
      let info = build { info in
        for comment in comments {
          info.add(
            1,
            build { location in
              for item in comment.path { location.add(1, item) }
              location.add(3, comment.text)
            })
        }
      }
      file.add(9, info)
      if let syntax { file.add(12, syntax) }
    }
  }

  static func message(
    _ name: String, _ fields: [[UInt8]] = [], oneofs: [String] = [], messages: [[UInt8]] = [], enums: [[UInt8]] = [],
    isMapEntry: Bool = false
  ) -> [UInt8] {
    build { message in
      message.add(1, name)
      for item in fields { message.add(2, item) }
      for item in messages { message.add(3, item) }
      for item in enums { message.add(4, item) }
      if isMapEntry { message.add(7, build { $0.add(7, 1) }) }
      for name in oneofs { message.add(8, build { $0.add(1, name) }) }
    }
  }

  /// A field; `type` is the number of a `FieldDescriptorProto.Type`.
  static func field(
    _ name: String, _ number: Int, type: Int, typeName: String? = nil, isRepeated: Bool = false, oneof: Int? = nil,
    isOptional: Bool = false, isDeprecated: Bool = false
  ) -> [UInt8] {
    build { field in
      field.add(1, name)
      field.add(3, number)
      field.add(4, isRepeated ? 3 : 1)
      field.add(5, type)
      if let typeName { field.add(6, typeName) }
      if isDeprecated { field.add(8, build { $0.add(3, 1) }) }
      if let oneof { field.add(9, oneof) }
      if isOptional { field.add(17, 1) }
    }
  }

  static func enumeration(_ name: String, _ values: [(String, Int)]) -> [UInt8] {
    build { enumeration in
      enumeration.add(1, name)
      for value in values {
        enumeration.add(
          2,
          build {
            $0.add(1, value.0)
            $0.add(2, value.1)
          })
      }
    }
  }

  static func service(_ name: String, _ methods: [[UInt8]]) -> [UInt8] {
    build { service in
      service.add(1, name)
      for item in methods { service.add(2, item) }
    }
  }

  static func method(
    _ name: String, _ input: String, _ output: String, clientStreams: Bool = false, serverStreams: Bool = false,
    idempotency: Int? = nil
  ) -> [UInt8] {
    build { method in
      method.add(1, name)
      method.add(2, input)
      method.add(3, output)
      if let idempotency { method.add(4, build { $0.add(34, idempotency) }) }
      if clientStreams { method.add(5, 1) }
      if serverStreams { method.add(6, 1) }
    }
  }
}
