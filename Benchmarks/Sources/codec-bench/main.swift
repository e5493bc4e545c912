// Decodes one order over and over, then encodes it: `codec-bench ORDER SECONDS`.

internal import BenchAPI
internal import Foundation
internal import Measuring
internal import NIOCore
internal import ProtobufC

guard let arguments = CodecArguments() else {
  FileHandle.standardError.write(Data("usage: codec-bench ORDER SECONDS\n".utf8))
  exit(2)
}

let buffer = ByteBuffer(bytes: arguments.bytes)
let order = try Order(decoding: buffer)
var checksum: Int64 = 0

let decoding = try nanoseconds(seconds: arguments.seconds) {
  let order = try Order(decoding: buffer)
  checksum &+= Int64(order.lines.count) &+ order.totalMicros
}

var output = ByteBuffer()
let encoding = try nanoseconds(seconds: arguments.seconds) {
  output.clear()
  try order.encode(into: &output)
  checksum &+= Int64(output.readableBytes)
}
guard output == buffer else {
  FileHandle.standardError.write(Data("the order does not encode to the bytes it came from\n".utf8))
  exit(1)
}
reportCodec(
  decodeNanoseconds: decoding, encodeNanoseconds: encoding, bytes: output.readableBytes, checksum: checksum)
