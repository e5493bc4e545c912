import RPC
import Testing

@Suite("Metadata")
struct MetadataTests {
  @Test("Names are found whatever their case, values in order")
  func order() {
    var metadata: Metadata = ["Colour": "red", "size": "4"]
    metadata.add("COLOUR", "blue")
    #expect(metadata.first("colour") == "red")
    #expect(metadata.all("colour") == ["red", "blue"])
    #expect(metadata.map(\.name) == ["colour", "size", "colour"])
    metadata.set("colour", "green")
    #expect(metadata.all("Colour") == ["green"])
  }

  @Test("Binary values are bytes")
  func binary() {
    var metadata = Metadata()
    metadata.add("trace-bin", binary: [0, 255])
    #expect(metadata.firstBinary("trace-bin") == [0, 255])
    #expect(metadata.first("trace-bin") == nil)
  }

  @Test("Several binary values may stand in one header, separated by commas")
  func joinedBinary() {
    var metadata = Metadata()
    #expect(add("a-bin", "AQ,Ag==, Aw", to: &metadata))
    #expect(metadata.allBinary("a-bin") == [[1], [2], [3]])
    #expect(!add("a-bin", "AQ,*", to: &metadata))
  }

  @Test(
    "gRPC's own names and what HTTP forbids cannot be sent",
    arguments: [
      "grpc-status", "te", "content-type", "connection", "", ":path", "UPPER", "sp ace", "new\nline",
    ])
  func unsendable(name: String) {
    #expect(!Metadata.isSendable(name: name))
  }

  @Test("Ordinary names can be sent", arguments: ["x-request-id", "trace-bin", "a.b_c-9", "authorization"])
  func sendable(name: String) {
    #expect(Metadata.isSendable(name: name))
  }

  private func add(_ name: String, _ value: String, to metadata: inout Metadata) -> Bool {
    Array(name.utf8).withUnsafeBytes { name in
      Array(value.utf8).withUnsafeBytes { value in metadata.add(name: name, value: value) }
    }
  }
}
