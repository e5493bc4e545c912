import Foundation
import Testing

@testable import ProtobufC

@Suite("Golden bytes")
struct GoldenTests {
  @Test("A value encodes to the bytes of Python's protobuf", arguments: Golden.all)
  func encodes(_ golden: Golden) throws {
    #expect(try golden.encoded() == golden.bytes)
  }

  @Test("The bytes of Python's protobuf decode to the value", arguments: Golden.all)
  func decodes(_ golden: Golden) throws {
    #expect(try golden.isDecoded(golden.bytes))
  }

  @Test("Every file of golden bytes has a value here")
  func isComplete() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Golden.folder.path(percentEncoded: false))
    let names = files.filter { $0.hasSuffix(".bin") }.map { String($0.dropLast(4)) }
    #expect(Set(names) == Set(Golden.all.map(\.name)))
  }

  @Test("protoc reads our bytes, and writes them again", .enabled(if: Protoc.isInstalled), arguments: Golden.all)
  func agreesWithProtoc(_ golden: Golden) throws {
    let ours = try golden.encoded()
    let text = try Protoc.run(["--decode=\(golden.messageName)"], input: ours)
    #expect(try Protoc.run(["--deterministic_output", "--encode=\(golden.messageName)"], input: text) == ours)
  }
}

/// The protobuf compiler, where it is installed.
enum Protoc {
  static let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .map { String($0) + "/protoc" }
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  static var isInstalled: Bool { path != nil }

  /// What protoc writes when it is run with `arguments` on the test schemas and reads `input`.
  static func run(_ arguments: [String], input: [UInt8]) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(filePath: try #require(path))
    let schemas = Golden.root.appending(path: "Tests/Proto").path(percentEncoded: false)
    process.arguments = ["-I\(schemas)"] + arguments + ["test/v1/everything.proto"]
    let (standardInput, standardOutput) = (Pipe(), Pipe())
    process.standardInput = standardInput
    process.standardOutput = standardOutput
    try process.run()
    // Inputs are smaller than a pipe's buffer.
    try standardInput.fileHandleForWriting.write(contentsOf: Data(input))
    try standardInput.fileHandleForWriting.close()
    let output = try standardOutput.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return [UInt8](output)
  }
}
