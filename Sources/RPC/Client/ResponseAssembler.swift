/// Makes metadata, messages and a status out of what a server sends on one stream.
///
/// It holds no stream: bytes go in, verdicts come out. Whatever a server sends, the answer is an error, never a trap.
package struct ResponseAssembler {
  /// What a complete header block meant.
  package enum Block {
    /// An interim answer (1xx): more headers follow.
    case interim
    /// The head of the response: its metadata; messages follow.
    case head(Metadata)
    /// The end of the response.
    case end(Status)
  }

  /// How a call ended at the server: its error, or nil for OK, and the metadata that came with it.
  package struct Status {
    /// nil for OK.
    package var error: RPCError?
    /// The trailing metadata.
    package var metadata: Metadata
  }

  private struct Fields {
    var httpStatus = 0
    var isGRPC = false
    var contentType: String?
    var encoding: String?
    var status: Int?
    var hasBadStatus = false
    var message: String?
    var metadata = Metadata()
  }

  private var fields = Fields()
  private var hasHead = false
  private var reader: FrameReader

  /// The state before the first header; a message over `messageBytesMax` bytes is an error.
  package init(messageBytesMax: Int) {
    reader = FrameReader(messageBytesMax: messageBytesMax)
  }

  /// Whether the head of the response has come.
  package var isUnderWay: Bool { hasHead }

  /// Takes one header field of the present block.
  package mutating func header(_ known: KnownHeader, name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
    switch known {
    case .status:
      fields.httpStatus = decimal(value) ?? 0
    case .grpcStatus:
      fields.status = decimal(value)
      fields.hasBadStatus = fields.status == nil
    case .contentType:
      fields.isGRPC = isGRPCContentType(value)
      if !fields.isGRPC { fields.contentType = String(decoding: value.prefix(100), as: UTF8.self) }
    case .grpcMessage:
      fields.message = PercentEncoding.decode(value)
    case .encoding:
      if !value.elementsEqual("identity".utf8) { fields.encoding = String(decoding: value.prefix(100), as: UTF8.self) }
    case .acceptEncoding, .method, .scheme, .authority, .path:
      return
    case .te, .timeout, .other:
      // Bytes that cannot be decoded are left out: they must not hide the status.
      _ = fields.metadata.add(name: name, value: value)
    }
  }

  /// The present block is complete.
  package mutating func blockEnded(isEndOfStream: Bool) -> Block {
    let block = fields
    if !hasHead && (100..<200).contains(block.httpStatus) && !isEndOfStream {
      fields = Fields()
      return .interim
    }
    if hasHead {
      return .end(status(of: block))
    }
    if isEndOfStream, block.status != nil || block.hasBadStatus || block.httpStatus != 200 {
      return .end(status(of: block))
    }
    if block.httpStatus != 200 {
      return .end(Status(error: httpError(block), metadata: block.metadata))
    }
    if !block.isGRPC {
      let type = block.contentType.map { "“\($0)”" } ?? "missing"
      let error = RPCError(.unknown, "the server did not answer in gRPC: content-type is \(type)")
      return .end(Status(error: error, metadata: block.metadata))
    }
    if isEndOfStream {
      return .end(Status(error: Self.missingStatus, metadata: block.metadata))
    }
    if let encoding = block.encoding, encoding != "gzip" {
      let error = RPCError(.internal, "the server compressed its reply as “\(encoding)”, which was not offered")
      return .end(Status(error: error, metadata: block.metadata))
    }
    reader.allowsCompression = block.encoding != nil
    hasHead = true
    fields = Fields()
    return .head(block.metadata)
  }

  /// The next message in `bytes`, nil when they are used up.
  package mutating func message(_ bytes: inout UnsafeRawBufferPointer.SubSequence) throws(RPCError) -> FramedMessage? {
    guard hasHead else { throw RPCError(.internal, "the server sent data before headers") }
    do {
      return try reader.next(&bytes)
    } catch {
      throw error.rpcError
    }
  }

  /// Checks that the stream of messages ended between two messages.
  package mutating func messagesEnded() throws(RPCError) {
    do {
      try reader.end()
    } catch {
      throw error.rpcError
    }
  }

  /// The error of a response that ended without a status.
  package static let missingStatus = RPCError(.internal, "the server ended the reply without a status")

  private func status(of block: Fields) -> Status {
    guard let number = block.status else {
      if block.hasBadStatus {
        return Status(error: RPCError(.unknown, "the server's grpc-status is not a number"), metadata: block.metadata)
      }
      let error = hasHead || block.httpStatus == 200 ? Self.missingStatus : httpError(block)
      return Status(error: error, metadata: block.metadata)
    }
    let code = StatusCode(rawValue: number) ?? .unknown
    guard code != .ok else {
      // A reply without a head has no message either; the caller judges whether that is enough.
      return Status(error: nil, metadata: block.metadata)
    }
    var metadata = block.metadata
    let details = metadata.firstBinary(KnownHeader.statusDetailsName)
    if details != nil { metadata.remove(KnownHeader.statusDetailsName) }
    let error = RPCError(code, block.message ?? "", detailsBin: details, metadata: metadata)
    return Status(error: error, metadata: metadata)
  }

  private func httpError(_ block: Fields) -> RPCError {
    RPCError(
      StatusCode(httpStatus: block.httpStatus), "the server answered with HTTP status \(block.httpStatus)",
      metadata: block.metadata)
  }

  private func isGRPCContentType(_ value: UnsafeRawBufferPointer) -> Bool {
    let prefix = "application/grpc".utf8
    guard value.starts(with: prefix) else { return false }
    guard value.count > prefix.count else { return true }
    let next = value[prefix.count]
    return next == UInt8(ascii: "+") || next == UInt8(ascii: ";")
  }

  private func decimal(_ value: UnsafeRawBufferPointer) -> Int? {
    guard (1...9).contains(value.count) else { return nil }
    var number = 0
    for byte in value {
      guard (0x30...0x39).contains(byte) else { return nil }
      number = number * 10 + Int(byte - 0x30)
    }
    return number
  }
}
