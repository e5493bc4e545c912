import TestAPI
import Testing

@Suite("Embedded schemas")
struct DescriptorTests {
  @Test("The embedded descriptor set holds the schema and what it imports")
  func holdsFiles() {
    let text = String(decoding: TestDescriptors.fileDescriptorSet, as: UTF8.self)
    for path in ["test/v1/everything.proto", "test/v1/shared.proto", "google/protobuf/timestamp.proto"] {
      #expect(text.contains(path))
    }
  }

  @Test("Stubs know the wire's names, kinds and idempotency")
  func methods() {
    #expect(EchoServiceMethods.all.map(\.method) == ["Echo", "Collect", "Expand", "Converse"])
    #expect(EchoServiceMethods.all.allSatisfy { $0.service == "test.v1.EchoService" })
    #expect(EchoServiceMethods.all.map(\.kind) == [.unary, .clientStreaming, .serverStreaming, .bidirectional])
    #expect(EchoServiceMethods.all.map(\.idempotency) == [.noSideEffects, .unknown, .idempotent, .unknown])
  }
}
