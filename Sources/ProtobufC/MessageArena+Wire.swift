internal import CProtobufC
public import NIOCore

// Where bytes become a C structure and a C structure becomes bytes.
extension MessageArena {
  /// Unpacks `bytes` into a C structure in the arena; nil when they are no such message or need more memory
  /// than `limits` allow, see `unpackFailure`.
  @usableFromInline
  func unpack(
    _ descriptor: UnsafeRawPointer, _ bytes: UnsafeRawBufferPointer, _ limits: DecodingLimits
  ) -> UnsafeRawPointer? {
    let descriptor = descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)
    state.pointee.limitBytes = limits.memoryBytes(for: bytes.count)
    state.pointee.limitExceeded = false
    state.pointee.hasFreed = false
    let structure = unpack(descriptor, bytes)
    // Without a merge, or anything else that was given up, the C runtime frees nothing.
    if !state.pointee.hasFreed || state.pointee.limitExceeded { return structure }
    guard RepeatedSingularFields.mayBe(in: bytes, of: descriptor),
      let merged = RepeatedSingularFields.merged(bytes, of: descriptor)
    else { return structure }
    empty()
    return merged.withUnsafeBytes { unpack(descriptor, $0) }
  }

  private func unpack(
    _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>, _ bytes: UnsafeRawBufferPointer
  ) -> UnsafeRawPointer? {
    var nothing: UInt8 = 0
    return withUnsafeMutablePointer(to: &state.pointee.allocator) { allocator in
      guard let start = bytes.baseAddress else {
        return UnsafeRawPointer(protobuf_c_message_unpack(descriptor, allocator, 0, &nothing))
      }
      let data = start.assumingMemoryBound(to: UInt8.self)
      return UnsafeRawPointer(protobuf_c_message_unpack(descriptor, allocator, bytes.count, data))
    }
  }

  /// Why `unpack` returned nil.
  @usableFromInline
  var unpackFailure: DecodingError {
    state.pointee.limitExceeded ? .memoryLimit(bytes: state.pointee.limitBytes) : .malformed
  }

  /// Above this bound the exact size is computed first, so that buffers are not held much larger than needed.
  private static let exactSizeBytesMin = 16 * 1024

  /// Room that packing `structure` needs; throws when that is more than a message may have.
  private func room(for structure: UnsafePointer<ProtobufCMessage>) throws(EncodingError) -> Int {
    var room = state.pointee.sizeBound
    if room > MessageArena.exactSizeBytesMin { room = protobuf_c_message_get_packed_size(structure) }
    guard room <= Int32.max else { throw .tooLarge }
    return room
  }

  /// Appends the bytes of the C structure at `structure`, which was built in this arena, to `buffer`.
  @usableFromInline
  func pack(_ structure: UnsafeMutableRawPointer, into buffer: inout ByteBuffer) throws(EncodingError) {
    let message = UnsafePointer(structure.assumingMemoryBound(to: ProtobufCMessage.self))
    let room = try room(for: message)
    if room == 0 { return }
    buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { memory in
      guard let start = memory.baseAddress else { return 0 }
      return protobuf_c_message_pack(message, start.assumingMemoryBound(to: UInt8.self))
    }
  }

  /// The bytes of the C structure at `structure`, which was built in this arena.
  @usableFromInline
  func packed(_ structure: UnsafeMutableRawPointer) throws(EncodingError) -> [UInt8] {
    let message = UnsafePointer(structure.assumingMemoryBound(to: ProtobufCMessage.self))
    let room = try room(for: message)
    if room == 0 { return [] }
    return [UInt8](unsafeUninitializedCapacity: room) { memory, count in
      guard let start = memory.baseAddress else { return }
      count = protobuf_c_message_pack(message, start)
    }
  }
}
