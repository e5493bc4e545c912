// SwiftProtobuf doing what codec-bench does: `swiftprotobuf-codec ORDER SECONDS`.

internal import Foundation
internal import Measuring
internal import SwiftProtobuf

guard let arguments = CodecArguments() else {
  FileHandle.standardError.write(Data("usage: swiftprotobuf-codec ORDER SECONDS\n".utf8))
  exit(2)
}

let bytes = arguments.bytes
let order = try Bench_V1_Order(serializedBytes: bytes)
var checksum: Int64 = 0

let decoding = try nanoseconds(seconds: arguments.seconds) {
  let order = try Bench_V1_Order(serializedBytes: bytes)
  checksum &+= Int64(order.lines.count) &+ order.totalMicros
}

var output: [UInt8] = []
let encoding = try nanoseconds(seconds: arguments.seconds) {
  output = try order.serializedBytes()
  checksum &+= Int64(output.count)
}
guard output == bytes else {
  FileHandle.standardError.write(Data("the order does not encode to the bytes it came from\n".utf8))
  exit(1)
}
reportCodec(decodeNanoseconds: decoding, encodeNanoseconds: encoding, bytes: output.count, checksum: checksum)
