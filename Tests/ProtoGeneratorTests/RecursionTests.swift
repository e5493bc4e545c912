import Foundation
import Testing

@testable import ProtoGenerator

@Suite("Recursion")
struct RecursionTests {
  private func schema(_ messages: [UInt8]...) throws -> Schema {
    try Schema(
      fileDescriptorSet: Descriptors.set(Descriptors.file("a.proto", package: "a", messages: messages)))
  }

  private func message(_ name: String, containing inner: String...) -> [UInt8] {
    Descriptors.message(
      name, inner.enumerated().map { Descriptors.field("f\($0)", $0 + 1, type: 11, typeName: ".a." + $1) })
  }

  @Test("A message that contains itself is found")
  func direct() throws {
    #expect(try schema(message("A", containing: "A")).recursion() == ["a.A", "a.A"])
  }

  @Test("Messages that contain one another are found")
  func indirect() throws {
    let schema = try schema(
      message("A", containing: "B"), message("B", containing: "D", "C"), message("C", containing: "B"), message("D"))
    #expect(schema.recursion() == ["a.B", "a.C", "a.B"])
  }

  @Test("A message that is reached in two ways is none")
  func diamond() throws {
    let schema = try schema(
      message("A", containing: "B", "C"), message("B", containing: "D"), message("C", containing: "D"), message("D"))
    #expect(schema.recursion() == nil)
  }

  @Test("Nothing is generated from recursive messages")
  func refused() throws {
    let generator = Generator(.init(output: .swift, module: "M", cModule: "C", cPrefix: "c", descriptors: "D"))
    #expect(throws: GeneratorError.recursion(cycle: ["a.A", "a.A"])) {
      try generator.generate(schema(message("A", containing: "A")), embedding: [])
    }
  }

  @Test("No served message is recursive")
  func servedSchemas() throws {
    let schema = try Schema(fileDescriptorSet: served())
    #expect(schema.recursion() == nil)
    #expect(schema.files.map(\.path).contains("dms/order/v1/order_service.proto"))
  }

  /// The descriptor set that the server embeds, from its generated C: a list of numbers in braces.
  private func served() throws -> [UInt8] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = root.appending(path: "Sources/DMSProto/Generated/DMSProto_descriptors.c")
    let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    let start = try #require(text.firstIndex(of: "{"))
    let end = try #require(text.firstIndex(of: "}"))
    return text[start..<end].split { !$0.isNumber }.compactMap { UInt8($0) }
  }
}
