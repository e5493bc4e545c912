internal import CDescriptor
internal import CProtobufC

/// A `FileDescriptorSet` or a plugin's `CodeGeneratorRequest` in the C runtime's memory.
///
/// Descriptors are recursive, and the C runtime has no limit of depth: they are trusted input, made by protoc.
final class DescriptorSet {
  /// The C structure that was unpacked, freed with this.
  private let root: UnsafeMutablePointer<ProtobufCMessage>
  /// The files, each after those that it imports.
  let files: UnsafeBufferPointer<UnsafeMutablePointer<Google__Protobuf__FileDescriptorProto>?>
  /// The paths of the files to generate for; empty for a descriptor set.
  let pathsToGenerate: [String]
  /// The plugin's parameter; empty for a descriptor set.
  let parameter: String

  /// Reads an encoded `FileDescriptorSet`.
  init(fileDescriptorSet bytes: [UInt8]) throws(GeneratorError) {
    guard let set = google__protobuf__file_descriptor_set__unpack(nil, bytes.count, bytes) else {
      throw .unreadableInput(what: "FileDescriptorSet")
    }
    root = UnsafeMutableRawPointer(set).assumingMemoryBound(to: ProtobufCMessage.self)
    files = UnsafeBufferPointer(start: set.pointee.file, count: set.pointee.n_file)
    pathsToGenerate = []
    parameter = ""
  }

  /// Reads an encoded `CodeGeneratorRequest`.
  init(codeGeneratorRequest bytes: [UInt8]) throws(GeneratorError) {
    guard let request = google__protobuf__compiler__code_generator_request__unpack(nil, bytes.count, bytes) else {
      throw .unreadableInput(what: "CodeGeneratorRequest")
    }
    root = UnsafeMutableRawPointer(request).assumingMemoryBound(to: ProtobufCMessage.self)
    files = UnsafeBufferPointer(start: request.pointee.proto_file, count: request.pointee.n_proto_file)
    pathsToGenerate = UnsafeBufferPointer(
      start: request.pointee.file_to_generate, count: request.pointee.n_file_to_generate
    ).map { text($0) }
    parameter = text(request.pointee.parameter)
  }

  deinit {
    protobuf_c_message_free_unpacked(root, nil)
  }

  /// The files as an encoded `FileDescriptorSet`.
  func encodedFileDescriptorSet() -> [UInt8] {
    var set = Google__Protobuf__FileDescriptorSet()
    google__protobuf__file_descriptor_set__init(&set)
    set.n_file = files.count
    set.file = UnsafeMutablePointer(mutating: files.baseAddress)
    let size = google__protobuf__file_descriptor_set__get_packed_size(&set)
    return [UInt8](unsafeUninitializedCapacity: size) { memory, count in
      count = google__protobuf__file_descriptor_set__pack(&set, memory.baseAddress)
    }
  }
}

/// The text of a C string; empty for none.
func text(_ pointer: UnsafePointer<CChar>?) -> String {
  pointer.map { String(cString: $0) } ?? ""
}

/// The items of a repeated field.
func items<Item>(
  _ count: Int, _ pointers: UnsafeMutablePointer<UnsafeMutablePointer<Item>?>?
) -> [UnsafeMutablePointer<Item>] {
  UnsafeBufferPointer(start: pointers, count: pointers == nil ? 0 : count).compactMap { $0 }
}
