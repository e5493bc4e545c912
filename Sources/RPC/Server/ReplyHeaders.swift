/// The headers that responses are made of.
enum ReplyHeaders {
  /// What every gRPC response starts with.
  static let ok = HeaderFields(fixed: [
    (":status", "200"), ("content-type", "application/grpc"), ("grpc-accept-encoding", "identity,gzip"),
  ])

  /// The same, for a response some of whose messages are compressed.
  static let okGzip = HeaderFields(fixed: [
    (":status", "200"), ("content-type", "application/grpc"), ("grpc-accept-encoding", "identity,gzip"),
    ("grpc-encoding", "gzip"),
  ])

  /// The status of a call that succeeded.
  static let okStatus = HeaderFields(fixed: [("grpc-status", "0")])

  /// How long a message may be on the wire; clients bound their trailers, and a status cut off is no status.
  static let messageBytesMax = 2048

  /// How large the details of an error may be, for the same reason.
  static let detailsBytesMax = 8192
}

extension HeaderFields {
  /// Adds the status that ends a call with an error. A message or details too large for trailers are cut or left out.
  mutating func add(_ error: RPCError, trailers: Metadata?) {
    add("grpc-status", String(error.code.rawValue))
    if !error.message.isEmpty { add("grpc-message", PercentEncoding.encode(error.message.cut())) }
    if let details = error.detailsBin, details.count <= ReplyHeaders.detailsBytesMax {
      add(KnownHeader.statusDetailsName, Base64.encode(details))
    }
    if let trailers { add(trailers) }
    add(error.metadata)
  }
}

extension String {
  /// The text, cut at a character's end when it is too long for a trailer.
  fileprivate func cut() -> String {
    guard utf8.count > ReplyHeaders.messageBytesMax else { return self }
    var end = utf8.index(startIndex, offsetBy: ReplyHeaders.messageBytesMax)
    while end > startIndex, end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
    return String(self[..<end])
  }
}
