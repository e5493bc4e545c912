import Foundation
import Testing

@testable import ProtoGenerator

@Suite("Generated text")
struct SnapshotTests {
  /// A small schema with a bit of everything.
  private let schema = Descriptors.set(
    Descriptors.file(
      "shop/v1/shop.proto", package: "shop.v1",
      messages: [
        Descriptors.message(
          "Item",
          [
            Descriptors.field("item_id", 1, type: 9),
            Descriptors.field("amount", 2, type: 3, oneof: 1, isOptional: true),
            Descriptors.field("weight", 3, type: 1),
            Descriptors.field("kind", 4, type: 14, typeName: ".shop.v1.Kind"),
            Descriptors.field("parts", 5, type: 11, typeName: ".shop.v1.Part", isRepeated: true),
            Descriptors.field("prices", 6, type: 11, typeName: ".shop.v1.Item.PricesEntry", isRepeated: true),
            Descriptors.field("note", 7, type: 9, oneof: 0),
            Descriptors.field("part", 8, type: 11, typeName: ".shop.v1.Part", oneof: 0),
          ], oneofs: ["extra", "_amount"],
          messages: [
            Descriptors.message(
              "PricesEntry", [Descriptors.field("key", 1, type: 9), Descriptors.field("value", 2, type: 3)],
              isMapEntry: true)
          ]),
        Descriptors.message("Part"),
      ],
      enums: [Descriptors.enumeration("Kind", [("KIND_UNSPECIFIED", 0), ("KIND_NEW", 1), ("KIND_FRESH", 1)])],
      services: [
        Descriptors.service(
          "ShopService",
          [
            Descriptors.method("Buy", ".shop.v1.Item", ".shop.v1.Part", idempotency: 2),
            Descriptors.method("Watch", ".shop.v1.Item", ".shop.v1.Part", serverStreams: true, idempotency: 1),
            Descriptors.method("Collect", ".shop.v1.Item", ".shop.v1.Part", clientStreams: true),
            Descriptors.method("Talk", ".shop.v1.Item", ".shop.v1.Part", clientStreams: true, serverStreams: true),
          ])
      ],
      comments: [
        ([4, 0], " An item.\n\n It has parts.\n"), ([4, 0, 2, 0], " Which one.\n"), ([5, 0, 2, 1], " Never used.\n"),
        ([6, 0, 2, 0], " Buys.\n"),
      ]))

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/generator")

  @Test(
    "A small schema gives the text that is checked in",
    arguments: [Generator.Options.Output.swift, .c])
  func matches(_ output: Generator.Options.Output) throws {
    let generator = Generator(
      .init(output: output, module: "ShopAPI", cModule: "ShopProto", cPrefix: "shop", descriptors: "ShopDescriptors"))
    let files = try generator.generate(Schema(fileDescriptorSet: schema), embedding: Array(0..<70))
    // With RECORD_SNAPSHOTS set, the text is checked in instead of checked.
    let isRecording = ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil
    for file in files where file.name != "RPCCodec.swift" {
      let place = SnapshotTests.folder.appending(path: file.name + ".txt")
      if isRecording { try Data(file.content.utf8).write(to: place) }
      let expected = String(decoding: try Data(contentsOf: place), as: UTF8.self)
      #expect(file.content == expected, "\(file.name)")
    }
    #expect(files.count == (output == .c ? 2 : 4))
  }

  @Test("Equal schemas give equal text")
  func deterministic() throws {
    let generator = Generator(.init(output: .swift, module: "M", cModule: "C", cPrefix: "c", descriptors: "D"))
    let first = try generator.generate(Schema(fileDescriptorSet: schema), embedding: [])
    #expect(try generator.generate(Schema(fileDescriptorSet: schema), embedding: []) == first)
  }
}
