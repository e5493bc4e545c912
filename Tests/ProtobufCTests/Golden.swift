import Foundation
import ProtobufC

/// A message of the test schemas with its golden bytes: what Python's protobuf makes of the text beside them.
///
/// The files are under `Tests/Fixtures/protobuf`; `dev/make-protobuf-fixtures` makes them.
struct Golden: Sendable, CustomStringConvertible {
  let name: String
  let messageName: String
  /// Our bytes of the value.
  let encoded: @Sendable () throws -> [UInt8]
  /// Whether bytes decode to the value.
  let isDecoded: @Sendable ([UInt8]) throws -> Bool
  /// Our bytes of what bytes decode to.
  let reencoded: @Sendable ([UInt8]) throws -> [UInt8]

  init<M: Message>(_ name: String, _ value: M) {
    self.name = name
    messageName = M.fullName
    encoded = { try value.encodedBytes() }
    isDecoded = { try M(decoding: $0) == value }
    reencoded = { try M(decoding: $0).encodedBytes() }
  }

  var description: String { name }

  /// The golden bytes.
  var bytes: [UInt8] {
    get throws { try [UInt8](Data(contentsOf: Golden.folder.appending(path: name + ".bin"))) }
  }

  /// The repository's own folder.
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let folder = root.appending(path: "Tests/Fixtures/protobuf")
}
