import Testing

@testable import ProtoGenerator

@Suite("Rewriting for protoc-gen-c")
struct RewriterTests {
  private let original = Descriptors.set(
    Descriptors.file(
      "shop/v1/shop.proto", package: "shop.v1",
      messages: [
        Descriptors.message(
          "Item",
          [
            Descriptors.field("name", 1, type: 9),
            Descriptors.field("weight", 2, type: 1),
            Descriptors.field("class", 3, type: 5, oneof: 0, isOptional: true),
            Descriptors.field("sizes", 4, type: 5, isRepeated: true),
            Descriptors.field("prices", 5, type: 11, typeName: ".shop.v1.Item.PricesEntry", isRepeated: true),
          ], oneofs: ["_class"],
          messages: [
            Descriptors.message(
              "PricesEntry", [Descriptors.field("key", 1, type: 9), Descriptors.field("value", 2, type: 3)],
              isMapEntry: true)
          ])
      ],
      services: [
        Descriptors.service("Shop", [Descriptors.method("Buy", ".shop.v1.Item", ".shop.v1.Item")])
      ], comments: [([4, 0], " An item.")]))

  private var rewritten: Schema {
    get throws { try Schema(fileDescriptorSet: Plugin.rewrite(original, cPrefix: "c")) }
  }

  @Test("The file's name is flat, services and comments are gone")
  func file() throws {
    let file = try #require(try rewritten.files.first)
    #expect(file.path == "shop_v1_shop.proto")
    #expect(file.services.isEmpty)
    #expect(file.messages.map(\.comment) == [""])
  }

  @Test("Optional and floating-point fields are the only members of ordinary oneofs")
  func presence() throws {
    let item = try #require(try rewritten.files.first?.messages.first)
    #expect(item.oneofs.map(\.name) == ["_class", "_weight"])
    #expect(item.fields.map(\.isOptional) == [false, false, false, false, false])
    #expect(item.fields.map(\.oneof) == [nil, 1, 0, nil, nil])
  }

  @Test("Keys and values of maps are members of ordinary oneofs, and entries ordinary messages")
  func mapEntries() throws {
    let entry = try #require(try rewritten.files.first?.messages.first?.messages.first)
    #expect(!entry.isMapEntry)
    #expect(entry.oneofs.map(\.name) == ["_key", "_value"])
    #expect(entry.fields.map(\.oneof) == [0, 1])
  }

  @Test("Fields that C cannot name have other names")
  func names() throws {
    let item = try #require(try rewritten.files.first?.messages.first)
    #expect(item.fields.map(\.name) == ["name", "weight", "class_field", "sizes", "prices"])
  }

  @Test("Strings carry protobuf-c's option, numbers say that they are packed")
  func options() throws {
    let bytes = try Plugin.rewrite(original, cPrefix: "c")
    // Field 8 (options) of 5 bytes: extension 1019 of 2 bytes: field 1 is true.
    #expect(bytes.contains([0x42, 0x05, 0xDA, 0x3F, 0x02, 0x08, 0x01]))
    // Field 8 (options) of 2 bytes: field 2 (packed) is true.
    #expect(bytes.contains([0x42, 0x02, 0x10, 0x01]))
  }

  @Test("Deprecated fields are not deprecated in C, whose compiler would warn of the generated code")
  func deprecation() throws {
    let field = Descriptors.field("old", 1, type: 13, isDeprecated: true)
    let schema = Descriptors.set(
      Descriptors.file("shop/v1/old.proto", package: "shop.v1", messages: [Descriptors.message("Old", [field])]))
    // Field 8 (options) of 2 bytes: field 3 (deprecated) is true.
    #expect(schema.contains([0x42, 0x02, 0x18, 0x01]))
    #expect(try !Plugin.rewrite(schema, cPrefix: "c").contains([0x42, 0x02, 0x18, 0x01]))
  }

  @Test("Equal input gives equal output")
  func deterministic() throws {
    #expect(try Plugin.rewrite(original, cPrefix: "c") == Plugin.rewrite(original, cPrefix: "c"))
  }
}
