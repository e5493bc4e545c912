internal import CDescriptor
internal import CProtobufC

/// protoc's way of calling the generator: an encoded request in, an encoded response out.
package enum Plugin {
  /// Answers the encoded `CodeGeneratorRequest` in `request` with an encoded `CodeGeneratorResponse`.
  ///
  /// What is wrong with a schema or an option stands in the response, as protoc wants it; only a request that
  /// cannot be read throws.
  package static func respond(to request: [UInt8]) throws(GeneratorError) -> [UInt8] {
    let set = try DescriptorSet(codeGeneratorRequest: request)
    do throws(GeneratorError) {
      let schema = try Schema(set)
      let generator = Generator(try Generator.Options(parameter: set.parameter))
      set.dropComments()
      return response(files: try generator.generate(schema, embedding: set.encodedFileDescriptorSet()))
    } catch {
      return response(files: [], error: error.description)
    }
  }

  /// Rewrites the encoded descriptor set in `bytes` for protoc-gen-c; see `SchemaRewriter`.
  package static func rewrite(_ bytes: [UInt8], cPrefix: String) throws(GeneratorError) -> [UInt8] {
    try SchemaRewriter(names: CNames(prefix: cPrefix)).rewrite(bytes)
  }

  private static func response(files: [GeneratedFile], error: String? = nil) -> [UInt8] {
    // protoc wants to be told that `optional` is understood: FEATURE_PROTO3_OPTIONAL.
    var bytes: [UInt8] = [0x10, 1]
    if let error { append(Array(error.utf8), number: 1, to: &bytes) }
    for file in files {
      var encoded: [UInt8] = []
      append(Array(file.name.utf8), number: 1, to: &encoded)
      append(Array(file.content.utf8), number: 15, to: &encoded)
      append(encoded, number: 15, to: &bytes)
    }
    return bytes
  }

  /// Appends field `number`, at most 15, with `content` and its length.
  private static func append(_ content: [UInt8], number: UInt8, to bytes: inout [UInt8]) {
    bytes.append(number << 3 | 2)
    var length = content.count
    while length > 127 {
      bytes.append(UInt8(truncatingIfNeeded: length) | 128)
      length >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: length))
    bytes += content
  }
}

extension DescriptorSet {
  /// Drops the comments and positions of all files.
  func dropComments() {
    for case let file? in files {
      guard let info = file.pointee.source_code_info else { continue }
      google__protobuf__source_code_info__free_unpacked(info, nil)
      file.pointee.source_code_info = nil
    }
  }
}
