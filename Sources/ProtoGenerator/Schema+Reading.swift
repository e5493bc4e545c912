internal import CDescriptor

extension Schema {
  /// Reads all files of an encoded `FileDescriptorSet`, which must hold their imports, too.
  package init(fileDescriptorSet bytes: [UInt8]) throws(GeneratorError) {
    try self.init(DescriptorSet(fileDescriptorSet: bytes))
  }

  init(_ set: DescriptorSet) throws(GeneratorError) {
    files = []
    for case let file? in set.files {
      let path = text(file.pointee.name)
      // Options of descriptors are no messages that travel.
      if path == "google/protobuf/descriptor.proto" { continue }
      guard text(file.pointee.syntax) == "proto3" else { throw .notProto3(file: path) }
      files.append(SchemaFile(file.pointee, path: path))
    }
  }
}

extension SchemaFile {
  init(_ file: Google__Protobuf__FileDescriptorProto, path: String) {
    // protoc's own schemas bring pages of comments that are not this project's.
    let comments = Comments(path.hasPrefix("google/protobuf/") ? nil : file.source_code_info)
    self.path = path
    package = text(file.package)
    let scope = package.isEmpty ? "" : package + "."
    messages = items(file.n_message_type, file.message_type).enumerated().map { [package] in
      SchemaMessage($1.pointee, in: scope, package: package, comments, [4, Int32($0)])
    }
    enums = items(file.n_enum_type, file.enum_type).enumerated().map {
      SchemaEnum($1.pointee, in: scope, comments, [5, Int32($0)])
    }
    services = items(file.n_service, file.service).enumerated().map {
      SchemaService($1.pointee, in: scope, comments, [6, Int32($0)])
    }
  }
}

extension SchemaMessage {
  fileprivate init(
    _ message: Google__Protobuf__DescriptorProto, in scope: String, package: String, _ comments: Comments,
    _ path: [Int32]
  ) {
    name = text(message.name)
    let fullName = scope + name
    self.fullName = fullName
    self.package = package
    comment = comments[path]
    isMapEntry = message.options?.pointee.map_entry == 1

    let fields = items(message.n_field, message.field)
    let groups = items(message.n_oneof_decl, message.oneof_decl)
    // The groups that stand for `optional` come last, so those before keep their places.
    let synthetic = Set(
      fields.filter { $0.pointee.proto3_optional != 0 }.map { Int($0.pointee.oneof_index) })
    oneofs = groups.enumerated().filter { !synthetic.contains($0.offset) }.map {
      SchemaOneof(name: text($1.pointee.name), comment: comments[path + [8, Int32($0)]])
    }
    self.fields = fields.enumerated()
      .map { SchemaField($1.pointee, comment: comments[path + [2, Int32($0)]]) }
      .sorted { $0.number < $1.number }
    messages = items(message.n_nested_type, message.nested_type).enumerated().map {
      SchemaMessage($1.pointee, in: fullName + ".", package: package, comments, path + [3, Int32($0)])
    }
    enums = items(message.n_enum_type, message.enum_type).enumerated().map {
      SchemaEnum($1.pointee, in: fullName + ".", comments, path + [4, Int32($0)])
    }
  }
}

extension SchemaField {
  fileprivate init(_ field: Google__Protobuf__FieldDescriptorProto, comment: String) {
    name = text(field.name)
    number = field.number
    type = FieldType(field)
    isRepeated = field.label == GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__LABEL__LABEL_REPEATED
    isOptional = field.proto3_optional != 0
    oneof = field.has_oneof_index != 0 && !isOptional ? Int(field.oneof_index) : nil
    self.comment = comment
  }
}

extension FieldType {
  fileprivate init(_ field: Google__Protobuf__FieldDescriptorProto) {
    let typeName = String(text(field.type_name).drop { $0 == "." })
    // The numbers of `google.protobuf.FieldDescriptorProto.Type`; proto3 has no groups (10).
    self =
      switch field.type.rawValue {
      case 1: .double
      case 2: .float
      case 3: .int64
      case 4: .uint64
      case 5: .int32
      case 6: .fixed64
      case 7: .fixed32
      case 8: .bool
      case 9: .string
      case 12: .bytes
      case 13: .uint32
      case 14: .enumeration(typeName)
      case 15: .sfixed32
      case 16: .sfixed64
      case 17: .sint32
      case 18: .sint64
      default: .message(typeName)
      }
  }
}

extension SchemaEnum {
  fileprivate init(
    _ enumeration: Google__Protobuf__EnumDescriptorProto, in scope: String, _ comments: Comments, _ path: [Int32]
  ) {
    name = text(enumeration.name)
    fullName = scope + name
    comment = comments[path]
    values = items(enumeration.n_value, enumeration.value).enumerated().map {
      SchemaEnumValue(
        name: text($1.pointee.name), number: $1.pointee.number, comment: comments[path + [2, Int32($0)]])
    }
  }
}

extension SchemaService {
  fileprivate init(
    _ service: Google__Protobuf__ServiceDescriptorProto, in scope: String, _ comments: Comments, _ path: [Int32]
  ) {
    name = text(service.name)
    fullName = scope + name
    comment = comments[path]
    methods = items(service.n_method, service.method).enumerated().map {
      SchemaMethod($1.pointee, comment: comments[path + [2, Int32($0)]])
    }
  }
}

extension SchemaMethod {
  fileprivate init(_ method: Google__Protobuf__MethodDescriptorProto, comment: String) {
    name = text(method.name)
    input = String(text(method.input_type).drop { $0 == "." })
    output = String(text(method.output_type).drop { $0 == "." })
    clientStreams = method.client_streaming != 0
    serverStreams = method.server_streaming != 0
    // The numbers of `google.protobuf.MethodOptions.IdempotencyLevel`.
    idempotency =
      switch method.options?.pointee.idempotency_level.rawValue {
      case 1: .noSideEffects
      case 2: .idempotent
      default: .unknown
      }
    self.comment = comment
  }
}

/// The comments of a file, by the path of what they stand before.
private struct Comments {
  private var byPath: [[Int32]: String] = [:]

  init(_ info: UnsafeMutablePointer<Google__Protobuf__SourceCodeInfo>?) {
    guard let info else { return }
    for location in items(info.pointee.n_location, info.pointee.location) {
      let comment = text(location.pointee.leading_comments)
      if comment.isEmpty { continue }
      byPath[Array(UnsafeBufferPointer(start: location.pointee.path, count: location.pointee.n_path))] = comment
    }
  }

  subscript(path: [Int32]) -> String { byPath[path] ?? "" }
}
