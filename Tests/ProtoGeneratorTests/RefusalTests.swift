import Testing

@testable import ProtoGenerator

@Suite("What is refused")
struct RefusalTests {
  private let generator = Generator(.init(output: .swift, module: "M", cModule: "C", cPrefix: "c", descriptors: "D"))

  @Test("Schemas of other syntaxes than proto3")
  func otherSyntax() {
    for syntax in [nil, "proto2", "editions"] {
      let set = Descriptors.set(Descriptors.file("old.proto", package: "a", syntax: syntax))
      #expect(throws: GeneratorError.notProto3(file: "old.proto")) { try Schema(fileDescriptorSet: set) }
    }
  }

  @Test("Two messages of one name in different packages")
  func clash() throws {
    let schema = try Schema(
      fileDescriptorSet: Descriptors.set(
        Descriptors.file("a.proto", package: "a", messages: [Descriptors.message("Order")]),
        Descriptors.file("b.proto", package: "b", enums: [Descriptors.enumeration("Order", [("ORDER", 0)])])))
    #expect(throws: GeneratorError.nameClash(swiftName: "Order", first: "a.Order", second: "b.Order")) {
      try generator.generate(schema, embedding: [])
    }
  }

  @Test("A message that hides a type of Swift", arguments: ["String", "Error", "Optional"])
  func hidesSwift(_ name: String) throws {
    let schema = try Schema(
      fileDescriptorSet: Descriptors.set(
        Descriptors.file("a.proto", package: "a", messages: [Descriptors.message(name)])))
    #expect(throws: GeneratorError.self) { try generator.generate(schema, embedding: []) }
  }

  @Test("Bytes that are no descriptors")
  func garbage() {
    let bytes: [UInt8] = [0x0A, 0x05, 0x01]
    #expect(throws: GeneratorError.unreadableInput(what: "FileDescriptorSet")) { try Schema(fileDescriptorSet: bytes) }
    #expect(throws: GeneratorError.unreadableInput(what: "CodeGeneratorRequest")) { try Plugin.respond(to: bytes) }
    #expect(throws: GeneratorError.unreadableInput(what: "FileDescriptorSet")) {
      try Plugin.rewrite(bytes, cPrefix: "c")
    }
  }

  @Test(
    "Options that are missing, unknown, given twice or no options",
    arguments: [
      "", "output=swift", "output=go,module=M,c_module=C,c_prefix=c,descriptors=D", "module",
      "output=swift,module=M,c_module=C,c_prefix=c,descriptors=D,colour=red",
      "output=swift,module=M,module=M,c_module=C,c_prefix=c,descriptors=D",
    ])
  func options(_ parameter: String) {
    #expect(throws: GeneratorError.self) { try Generator.Options(parameter: parameter) }
  }

  @Test("protoc is told what is wrong with a schema in the response")
  func errorInResponse() throws {
    let request = Descriptors.build { request in
      request.add(1, "old.proto")
      request.add(2, "output=swift,module=M,c_module=C,c_prefix=c,descriptors=D")
      request.add(15, Descriptors.file("old.proto", package: "a", syntax: "proto2"))
    }
    let response = String(decoding: try Plugin.respond(to: request), as: UTF8.self)
    #expect(response.contains(GeneratorError.notProto3(file: "old.proto").description))
  }
}
