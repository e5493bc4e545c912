internal import Foundation
internal import ProtoGenerator

/// protoc's plugin: a request on standard input, the generated files on standard output.
///
/// With the arguments `rewrite PREFIX` it is a filter instead: an encoded descriptor set on standard input, the
/// same prepared for protoc-gen-c on standard output.
@main
struct Main {
  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    do {
      let input = [UInt8](try FileHandle.standardInput.readToEnd() ?? Data())
      let output: [UInt8]
      switch (arguments.first, arguments.count) {
      case (nil, _):
        output = try Plugin.respond(to: input)
      case ("rewrite", 2):
        output = try Plugin.rewrite(input, cPrefix: arguments.last ?? "")
      default:
        fail("usage: protoc-gen-dms < REQUEST, or protoc-gen-dms rewrite PREFIX < DESCRIPTORS")
      }
      try FileHandle.standardOutput.write(contentsOf: output)
    } catch {
      fail("protoc-gen-dms: \(error)")
    }
  }

  private static func fail(_ sentence: String) -> Never {
    try? FileHandle.standardError.write(contentsOf: Data((sentence + "\n").utf8))
    exit(1)
  }
}
