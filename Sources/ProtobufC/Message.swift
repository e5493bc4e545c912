public import NIOCore

/// A protobuf message as a Swift value: plain stored properties, equal when they are equal.
///
/// Generated types conform. Decoding copies everything out of the bytes, so a message holds on to no buffer.
/// Fields that the schema does not know are dropped. Names that begin with an underscore are for generated
/// code alone.
public protocol Message: Sendable, Hashable {
  /// A message with every field at its default.
  init()

  /// The message's name in its schema, such as `dms.order.v1.Order`.
  static var fullName: String { get }

  /// The C runtime's description of the message, a `ProtobufCMessageDescriptor` that is valid for ever.
  static var _descriptor: UnsafeRawPointer { get }

  /// Copies the message out of the C structure at `_reading`, which must be of this message's type.
  init(_reading structure: UnsafeRawPointer) throws(DecodingError)

  /// Builds the message's C structure in `arena`; it lives as long as the arena is lent.
  func _store(in arena: MessageArena) -> UnsafeMutableRawPointer
}

extension Message {
  /// A message with the fields that `populate` sets.
  @inlinable
  public static func with(_ populate: (inout Self) throws -> Void) rethrows -> Self {
    var message = Self()
    try populate(&message)
    return message
  }
}

extension Message {
  /// Decodes a message from all of `bytes`.
  ///
  /// Throws what `DecodingError` lists; no input makes it crash, or use more memory than `limits` allow.
  @inlinable
  public init(decoding bytes: UnsafeRawBufferPointer, limits: DecodingLimits = .default) throws(DecodingError) {
    let arena = MessageArena.lend()
    defer { arena.giveBack() }
    guard let structure = arena.unpack(Self._descriptor, bytes, limits) else { throw arena.unpackFailure }
    try self.init(_reading: structure)
  }

  /// Decodes a message from the readable bytes of `buffer`; see `init(decoding:limits:)` of raw bytes.
  @inlinable
  public init(decoding buffer: ByteBuffer, limits: DecodingLimits = .default) throws(DecodingError) {
    let arena = MessageArena.lend()
    defer { arena.giveBack() }
    let unpacked = buffer.withUnsafeReadableBytes { arena.unpack(Self._descriptor, $0, limits) }
    guard let unpacked else { throw arena.unpackFailure }
    try self.init(_reading: unpacked)
  }

  /// Decodes a message from all of `bytes`; see `init(decoding:limits:)` of raw bytes.
  @inlinable
  public init(decoding bytes: [UInt8], limits: DecodingLimits = .default) throws(DecodingError) {
    let arena = MessageArena.lend()
    defer { arena.giveBack() }
    let unpacked = bytes.withUnsafeBytes { arena.unpack(Self._descriptor, $0, limits) }
    guard let unpacked else { throw arena.unpackFailure }
    try self.init(_reading: unpacked)
  }
}

extension Message {
  /// Appends the encoded message to `buffer`.
  ///
  /// Equal messages give equal bytes: fields by number, map entries by key. Throws when the message takes
  /// more than 2 GiB, the format's limit.
  @inlinable
  public func encode(into buffer: inout ByteBuffer) throws(EncodingError) {
    let arena = MessageArena.lend()
    defer { arena.giveBack() }
    try arena.pack(_store(in: arena), into: &buffer)
  }

  /// The encoded message in a buffer of its own; see `encode(into:)`.
  @inlinable
  public func encoded() throws(EncodingError) -> ByteBuffer {
    var buffer = ByteBuffer()
    try encode(into: &buffer)
    return buffer
  }

  /// The encoded message as an array; see `encode(into:)`.
  @inlinable
  public func encodedBytes() throws(EncodingError) -> [UInt8] {
    let arena = MessageArena.lend()
    defer { arena.giveBack() }
    return try arena.packed(_store(in: arena))
  }
}
