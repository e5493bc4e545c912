import ProtobufC
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

  @Test("Stubs know the wire's names of their methods")
  func methods() {
    let names = EchoServiceMethods.all.map { String(describing: $0) }
    #expect(names == ["Echo", "Collect", "Expand", "Converse"].map { "test.v1.EchoService/" + $0 })
  }
}
