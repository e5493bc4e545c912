/// A reply that is stored when its batch is committed.
final class PendingReply {
  let contentHash: [UInt8]
  /// The reply, once it is made.
  var bytes: [UInt8] = []

  init(contentHash: [UInt8]) {
    self.contentHash = contentHash
  }
}

/// The replies that a batch is going to store: a repeat that comes in the same batch finds its answer here.
final class PendingReplies {
  private var replies: [RequestKey: PendingReply] = [:]

  /// The reply pending for `key`; throws ``StorageError/requestIDReused`` when it is for other content.
  func find(_ key: RequestKey) throws -> PendingReply? {
    guard let reply = replies[key.withoutContent] else { return nil }
    guard reply.contentHash == key.contentHash else { throw StorageError.requestIDReused }
    return reply
  }

  func add(_ reply: PendingReply, for key: RequestKey) {
    replies[key.withoutContent] = reply
  }

  /// Forgets the replies of a write that is undone.
  func takeBack(_ keys: [RequestKey]) {
    for key in keys { replies[key.withoutContent] = nil }
  }
}

extension RequestKey {
  fileprivate var withoutContent: RequestKey {
    RequestKey(principal: principal, method: method, requestID: requestID, contentHash: [])
  }
}
