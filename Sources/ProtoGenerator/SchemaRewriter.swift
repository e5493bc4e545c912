internal import CDescriptor
internal import CProtobufC

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Prepares a descriptor set for protoc-gen-c, so that the public schemas need not know of it.
///
/// - Files get flat names, so that generated C stands in one folder.
/// - `optional` fields become the only member of an ordinary oneof; protoc-gen-c refuses them otherwise.
/// - Scalars of map entries, and singular floating-point fields, become such members, too: the C runtime takes
///   zero for absent, and so would drop the keys and values that other runtimes write, and −0.
/// - Strings become bytes in C, with a length instead of a NUL at the end.
/// - Repeated numbers say whether they are packed, instead of leaving it to proto3's default.
/// - No field is deprecated: C's compiler would warn of its use by the code that is generated to carry it.
/// - Fields that C cannot name get other names; Google's packages get names of this module's own.
/// - Services go.
struct SchemaRewriter {
  /// How C names are made.
  let names: CNames

  /// The encoded descriptor set for protoc-gen-c, from `bytes`, an encoded descriptor set of public schemas.
  func rewrite(_ bytes: [UInt8]) throws(GeneratorError) -> [UInt8] {
    // Read once for its checks: what the model refuses is refused here.
    _ = try Schema(fileDescriptorSet: bytes)
    let set = try DescriptorSet(fileDescriptorSet: bytes)
    set.dropComments()
    for case let file? in set.files { rewrite(file) }
    return set.encodedFileDescriptorSet()
  }

  private func rewrite(_ file: UnsafeMutablePointer<Google__Protobuf__FileDescriptorProto>) {
    let package = text(file.pointee.package)
    if text(file.pointee.name) == "google/protobuf/descriptor.proto" { return }
    replace(&file.pointee.name, with: CNames.fileStem(text(file.pointee.name)) + ".proto")
    for index in 0..<file.pointee.n_dependency {
      let path = text(file.pointee.dependency[index])
      if path == "google/protobuf/descriptor.proto" { continue }
      replace(&file.pointee.dependency[index], with: CNames.fileStem(path) + ".proto")
    }
    for service in items(file.pointee.n_service, file.pointee.service) {
      google__protobuf__service_descriptor_proto__free_unpacked(service, nil)
    }
    file.pointee.n_service = 0

    let options = file.pointee.options ?? allocated(google__protobuf__file_options__init)
    file.pointee.options = options
    // ProtobufCFileOptions: gen_pack_helpers = false, c_package.
    let cPackage = Array(names.package(package).utf8)
    append(
      &options.pointee.base, cOption: [0x10, 0, 0x32, UInt8(truncatingIfNeeded: cPackage.count)] + cPackage)

    for message in items(file.pointee.n_message_type, file.pointee.message_type) { rewrite(message) }
  }

  private func rewrite(_ message: UnsafeMutablePointer<Google__Protobuf__DescriptorProto>) {
    let isMapEntry = message.pointee.options?.pointee.map_entry == 1
    if isMapEntry {
      message.pointee.options.pointee.has_map_entry = 0
      message.pointee.options.pointee.map_entry = 0
    }
    for group in items(message.pointee.n_oneof_decl, message.pointee.oneof_decl) {
      replace(&group.pointee.name, with: CNames.member(text(group.pointee.name)))
    }
    removeOneofsOfOptionalMessages(from: message)
    for field in items(message.pointee.n_field, message.pointee.field) {
      let name = text(field.pointee.name)
      rewrite(field)
      if SchemaField.needsPresence(
        typeNumber: field.pointee.type.rawValue,
        isRepeated: field.pointee.label == GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__LABEL__LABEL_REPEATED,
        isInOneof: field.pointee.has_oneof_index != 0, isInMapEntry: isMapEntry)
      {
        // As protoc names those that it makes for `optional`.
        addOneof("_" + name, to: message, for: field)
      }
    }
    for nested in items(message.pointee.n_nested_type, message.pointee.nested_type) { rewrite(nested) }
  }

  private func rewrite(_ field: UnsafeMutablePointer<Google__Protobuf__FieldDescriptorProto>) {
    field.pointee.has_proto3_optional = 0
    field.pointee.proto3_optional = 0
    replace(&field.pointee.name, with: CNames.member(text(field.pointee.name)))
    field.pointee.options?.pointee.has_deprecated = 0
    field.pointee.options?.pointee.deprecated = 0
    let isString = field.pointee.type.rawValue == 9
    let isPackable = ![9, 10, 11, 12].contains(field.pointee.type.rawValue)
    let isRepeated = field.pointee.label == GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__LABEL__LABEL_REPEATED
    guard isString || isRepeated && isPackable else { return }
    let options = field.pointee.options ?? allocated(google__protobuf__field_options__init)
    field.pointee.options = options
    if isString {
      // ProtobufCFieldOptions: string_as_bytes = true.
      append(&options.pointee.base, cOption: [0x08, 1])
    } else if options.pointee.has_packed == 0 {
      options.pointee.has_packed = 1
      options.pointee.packed = 1
    }
  }

  /// Takes `optional` from message fields, which have presence without it; in a oneof the C runtime would not merge
  /// a field that comes twice.
  private func removeOneofsOfOptionalMessages(from message: UnsafeMutablePointer<Google__Protobuf__DescriptorProto>) {
    let fields = items(message.pointee.n_field, message.pointee.field)
    for field in fields where field.pointee.proto3_optional != 0 && field.pointee.type.rawValue == 11 {
      let removed = field.pointee.oneof_index
      field.pointee.has_oneof_index = 0
      field.pointee.oneof_index = 0
      google__protobuf__oneof_descriptor_proto__free_unpacked(message.pointee.oneof_decl[Int(removed)], nil)
      message.pointee.n_oneof_decl -= 1
      for index in Int(removed)..<message.pointee.n_oneof_decl {
        message.pointee.oneof_decl[index] = message.pointee.oneof_decl[index + 1]
      }
      for other in fields where other.pointee.has_oneof_index != 0 && other.pointee.oneof_index > removed {
        other.pointee.oneof_index -= 1
      }
    }
  }

  /// Makes `field` the only member of a new oneof, called `name`, of `message`.
  private func addOneof(
    _ name: String, to message: UnsafeMutablePointer<Google__Protobuf__DescriptorProto>,
    for field: UnsafeMutablePointer<Google__Protobuf__FieldDescriptorProto>
  ) {
    let group = allocated(google__protobuf__oneof_descriptor_proto__init)
    group.pointee.name = strdup(name)
    let count = message.pointee.n_oneof_decl
    let bytes = (count + 1) * MemoryLayout<UnsafeMutableRawPointer?>.stride
    guard let grown = realloc(message.pointee.oneof_decl, bytes) else { fatalError("out of memory") }
    message.pointee.oneof_decl = grown.assumingMemoryBound(
      to: UnsafeMutablePointer<Google__Protobuf__OneofDescriptorProto>?.self)
    message.pointee.oneof_decl[count] = group
    message.pointee.n_oneof_decl = count + 1
    field.pointee.has_oneof_index = 1
    field.pointee.oneof_index = Int32(truncatingIfNeeded: count)
  }

  // What is put into the set's memory comes from malloc, as the C runtime frees it.

  private func replace(_ name: inout UnsafeMutablePointer<CChar>?, with other: String) {
    free(name)
    name = strdup(other)
  }

  private func allocated<Structure>(
    _ initialise: (UnsafeMutablePointer<Structure>) -> Void
  ) -> UnsafeMutablePointer<Structure> {
    guard let memory = malloc(MemoryLayout<Structure>.size) else { fatalError("out of memory") }
    let structure = memory.bindMemory(to: Structure.self, capacity: 1)
    initialise(structure)
    return structure
  }

  /// Adds protobuf-c's own option, an extension (1019 in files, messages and fields alike), to options.
  private func append(_ options: inout ProtobufCMessage, cOption content: [UInt8]) {
    let count = Int(options.n_unknown_fields)
    let bytes = (count + 1) * MemoryLayout<ProtobufCMessageUnknownField>.stride
    guard let grown = realloc(options.unknown_fields, bytes), let data = malloc(content.count + 1) else {
      fatalError("out of memory")
    }
    let encoded = [UInt8(truncatingIfNeeded: content.count)] + content
    data.copyMemory(from: encoded, byteCount: encoded.count)
    options.unknown_fields = grown.assumingMemoryBound(to: ProtobufCMessageUnknownField.self)
    options.unknown_fields[count] = ProtobufCMessageUnknownField(
      tag: 1019, wire_type: PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED, len: encoded.count,
      data: data.assumingMemoryBound(to: UInt8.self))
    options.n_unknown_fields = UInt32(count + 1)
  }
}

extension SchemaField {
  /// Whether the C structure must tell an absent field from a zero where proto3 does not.
  static func needsPresence(typeNumber: UInt32, isRepeated: Bool, isInOneof: Bool, isInMapEntry: Bool) -> Bool {
    let isFloatingPoint = typeNumber == 1 || typeNumber == 2
    let isMessage = typeNumber == 11
    return !isRepeated && !isInOneof && (isFloatingPoint || isInMapEntry && !isMessage)
  }
}
