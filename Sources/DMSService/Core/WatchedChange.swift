internal import DMSStorage
internal import NIOCore
internal import RPC

/// How a watch writes changes: the messages of all watches have the revision to resume after as field 1 and the
/// resource as field 2.
///
/// The log holds the resource encoded, but for its revision, which was not known then. What a field is given twice the
/// last one counts, so the revision is put behind it and nothing is decoded. Watchers of one change share its bytes.
struct WatchedChange {
  /// The resource's field of its revision, an `int64`.
  let revisionField: UInt64

  /// The message for `change`, encoded.
  func message(_ change: Change, resume: Int64) -> ByteBuffer {
    // Only a change with others of its revision behind it is written differently, for some watchers.
    guard resume == change.revision else { return encode(change, resume: resume) }
    return change.shared.get { encode(change, resume: resume) }
  }

  private func encode(_ change: Change, resume: Int64) -> ByteBuffer {
    let payload = change.event.payload
    let revision = UInt64(bitPattern: change.revision)
    let length = payload.count + ByteBuffer.varintLength(revisionField << 3) + ByteBuffer.varintLength(revision)
    var message = ByteBuffer()
    message.reserveCapacity(length + 24)
    if resume != 0 {
      message.writeVarint(1 << 3)
      message.writeVarint(UInt64(bitPattern: resume))
    }
    message.writeVarint(2 << 3 | 2)
    message.writeVarint(UInt64(length))
    message.writeBytes(payload)
    message.writeVarint(revisionField << 3)
    message.writeVarint(revision)
    return message
  }
}

extension ByteBuffer {
  fileprivate static func varintLength(_ value: UInt64) -> Int {
    max(1, (70 - value.leadingZeroBitCount) / 7)
  }

  fileprivate mutating func writeVarint(_ value: UInt64) {
    var rest = value
    while rest > 0x7f {
      writeInteger(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    writeInteger(UInt8(truncatingIfNeeded: rest))
  }
}
