import CNGHTTP2
import NIOCore

@testable import RPC

extension FuzzTarget {
  /// Headers: lines of `name: value`, as a request, as a response, and each value in every encoding there is.
  static let headers = FuzzTarget(
    "headers", inputBytesMax: 2048,
    texts: [
      ":method: POST\n", ":path: /fuzz.S/Echo\n", "content-type: application/grpc\n", "grpc-timeout: 1S\n",
      "grpc-timeout: 99999999H\n", "grpc-encoding: gzip\n", "grpc-accept-encoding: identity, gzip\n", ":status: 200\n",
      "grpc-status: 13\n", "grpc-message: %E2%82%AC\n", "grpc-status-details-bin: CAk\n", "x-a-bin: AAEC,AwQ=\n",
      "te: trailers\n", "x-b: ü\n", "%", "%2", "%zz", "=", "==", ",", "-bin: ",
    ]
  ) { input in
    let lines = input.split(separator: UInt8(ascii: "\n")).prefix(64).map { Array($0) }
    var fields: [(name: [UInt8], value: [UInt8])] = []
    for line in lines {
      // A pseudo-header's name begins with the colon.
      let colon = line.dropFirst().firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
      let value = line[colon...].dropFirst().drop { $0 == 0x20 }
      // HTTP/2 has no capital letters in names: what has them does not come this far.
      let name = line[..<colon].map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
      fields.append((name, Array(value)))
      try HeaderChecks.checkValue(Array(value))
    }
    try HeaderChecks.checkRequest(fields)
    try HeaderChecks.checkResponse(fields)
    try HeaderChecks.checkMetadata(fields)
  }
}

enum HeaderChecks {
  typealias Fields = [(name: [UInt8], value: [UInt8])]

  private static let methods = MethodTable([FuzzService.definition(FuzzService.Tally())])

  /// A value in each of the encodings that headers have.
  static func checkValue(_ value: [UInt8]) throws {
    try checkTimeout(value)
    let text = String(decoding: value, as: UTF8.self)
    let encoded = PercentEncoding.encode(text)
    try require(encoded.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "percent-encoding left \(encoded)")
    try require(PercentEncoding.decode(encoded.utf8) == text, "percent-encoding changed \(text)")
    let decoded = PercentEncoding.decode(value)
    try require(
      PercentEncoding.decode(PercentEncoding.encode(decoded).utf8) == decoded, "percent-decoding is not stable")

    try require(Base64.decode(Base64.encode(value).utf8) == value, "base64 changed \(value)")
    if let bytes = Base64.decode(value) {
      try require(bytes.count <= value.count, "base64 made more of \(value.count) bytes")
      try require(Base64.decode(Base64.encode(bytes).utf8) == bytes, "base64 is not stable")
    }
    let lists = value.withUnsafeBytes { MessageEncoding.acceptsGzip($0) }
    let plain = text.split(separator: ",").contains { item in
      item.split(separator: " ", omittingEmptySubsequences: true).first == "gzip"
    }
    if value.allSatisfy({ $0 < 0x80 && $0 != 0x0D && $0 != 0x0A }) {
      try require(lists == plain, "\(text) accepts gzip: \(lists)")
    }
  }

  /// What is parsed and written again is no shorter, and hardly longer.
  private static func checkTimeout(_ value: [UInt8]) throws {
    guard let timeout = CallTimeout.parse(value) else { return }
    try require(timeout >= .zero, "a timeout is below zero")
    let text = CallTimeout.format(timeout)
    guard let again = CallTimeout.parse(Array(text.utf8)) else {
      throw BrokenProperty(description: "the timeout \(text) cannot be read back")
    }
    try require(again >= timeout, "\(timeout) became the shorter \(text)")
    // Eight digits are one part in ten million; past what minutes can say, an hour.
    try require(
      again <= timeout + timeout / 1_000_000 + .seconds(timeout > .seconds(99_999_999) ? 3600 : 0),
      "\(timeout) became \(text)")
    _ = ContinuousClock.now.advanced(by: timeout)
    _ = NIODeadline.now() + TimeAmount(timeout)
    _ = Int64.max.addingClamped(timeout.clampedNanoseconds)
  }

  /// The same headers lead to the same verdict, and only a POST in gRPC to a known path is a call.
  static func checkRequest(_ fields: Fields) throws {
    var head = RequestHead()
    for (name, value) in fields {
      lend(name, value) { head.add(KnownHeader($0), name: $0, value: $1, methods: methods) }
    }
    func has(_ name: String, _ isGood: ([UInt8]) -> Bool) -> Bool {
      fields.last { $0.name == Array(name.utf8) }.map { isGood($0.value) } ?? false
    }
    let isPost = has(":method") { $0 == Array("POST".utf8) }
    let isGRPC = has("content-type") { $0.starts(with: Array("application/grpc".utf8)) }
    switch head.verdict(methods: methods) {
    case .call(let method):
      try require(isPost && isGRPC, "a call that is no POST in gRPC")
      try require(has(":path") { $0 == Array(method.descriptor.path.utf8) }, "a call of another path")
      if let timeout = head.timeout { try require(timeout >= .zero, "a timeout below zero") }
    case .http(let status):
      try require(status == "405" ? !isPost : status == "415", "HTTP status \(status)")
    case .refused(let error):
      try require(error.code == .unimplemented || error.code == .internal, "refused with \(error)")
      try checkSendable(error)
    }
  }

  /// A response's headers in one block, and cut into two, always have a meaning.
  static func checkResponse(_ fields: Fields) throws {
    for cut in Set([0, fields.count / 2, fields.count]) {
      var assembler = ResponseAssembler(messageBytesMax: 100)
      for part in [fields[..<cut], fields[cut...]] {
        for (name, value) in part { lend(name, value) { assembler.header(KnownHeader($0), name: $0, value: $1) } }
        let isLast = part.endIndex == fields.count
        if case .end(let status) = assembler.blockEnded(isEndOfStream: isLast) {
          if let error = status.error {
            try require(error.code != .ok, "an error with the code OK")
            try checkSendable(error)
          }
          break
        }
      }
    }
  }

  /// Metadata that arrived can be sent on, and arrives as it was.
  static func checkMetadata(_ fields: Fields) throws {
    var metadata = Metadata()
    for (name, value) in fields { lend(name, value) { _ = metadata.add(name: $0, value: $1) } }
    var headers = HeaderFields()
    headers.add(metadata)
    var received = Metadata()
    for (name, value) in HeaderChecks.fields(of: headers) {
      try require(Metadata.isSendable(name: String(decoding: name, as: UTF8.self)), "a bad name was sent")
      try require(value.allSatisfy { (0x20...0x7E).contains($0) }, "a bad value was sent")
      var isGood = true
      lend(name, value) { isGood = received.add(name: $0, value: $1) }
      try require(isGood, "binary metadata was sent that is no base64")
    }
    var expected = Metadata()
    for field in metadata where Metadata.isSendable(name: field.name) {
      switch field.value {
      case .binary(let bytes): expected.add(field.name, binary: bytes)
      case .text(let text):
        // What cannot travel becomes a question mark.
        let bytes = text.utf8.map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }
        expected.add(field.name, String(decoding: bytes, as: UTF8.self))
      }
    }
    try require(received == expected, "\(expected) became \(received)")
  }

  /// An error leaves as trailers that HTTP allows and that are not large.
  private static func checkSendable(_ error: RPCError) throws {
    var headers = HeaderFields()
    headers.add(error, trailers: nil)
    for (name, value) in fields(of: headers) {
      try require(value.allSatisfy { (0x20...0x7E).contains($0) }, "a trailer holds a byte that HTTP forbids")
      if name == Array("grpc-message".utf8) {
        try require(value.count <= 3 * ReplyHeaders.messageBytesMax, "a message of \(value.count) bytes")
      }
    }
  }

  private static func lend(
    _ name: [UInt8], _ value: [UInt8], _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Void
  ) {
    name.withUnsafeBytes { name in value.withUnsafeBytes { value in body(name, value) } }
  }

  private static func fields(of headers: HeaderFields) -> Fields {
    headers.withFields { fields, count in
      UnsafeBufferPointer(start: fields, count: count).map { field in
        (
          Array(UnsafeBufferPointer(start: field.name, count: field.namelen)),
          Array(UnsafeBufferPointer(start: field.value, count: field.valuelen))
        )
      }
    }
  }
}
