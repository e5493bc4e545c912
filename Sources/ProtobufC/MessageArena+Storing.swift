public import CProtobufC

// What generated code fills C structures with. Every function also raises the arena's bound of the encoded
// size: a tag takes at most 5 bytes, a length 5, a varint 10.
extension MessageArena {
  /// Memory for one C structure, uninitialised; `bound` is what its singular fields take at most, apart from
  /// the content of strings, bytes and messages.
  @inlinable
  @inline(__always)
  public func structure<Structure>(_ type: Structure.Type, bound: Int) -> UnsafeMutablePointer<Structure> {
    state.pointee.sizeBound &+= bound
    return allocate(MemoryLayout<Structure>.size).bindMemory(to: Structure.self, capacity: 1)
  }

  /// `text` as C's pointer and length.
  @inlinable
  @inline(__always)
  public func string(_ text: String) -> ProtobufCBinaryData {
    // The count of an empty string is found without looking at its storage.
    text.isEmpty ? ProtobufCBinaryData(len: 0, data: nil) : copy(text)
  }

  @usableFromInline
  func copy(_ text: String) -> ProtobufCBinaryData {
    if let copied = text.utf8.withContiguousStorageIfAvailable({ copy(UnsafeRawBufferPointer($0)) }) { return copied }
    var text = text
    return text.withUTF8 { copy(UnsafeRawBufferPointer($0)) }
  }

  @inlinable
  func copy(_ bytes: UnsafeRawBufferPointer) -> ProtobufCBinaryData {
    state.pointee.sizeBound &+= bytes.count
    let memory = allocate(bytes.count)
    UnsafeMutableRawBufferPointer(start: memory, count: bytes.count).copyMemory(from: bytes)
    return ProtobufCBinaryData(len: bytes.count, data: memory.assumingMemoryBound(to: UInt8.self))
  }

  /// `bytes` as C's pointer and length.
  @inlinable
  public func bytes(_ bytes: [UInt8]) -> ProtobufCBinaryData {
    bytes.isEmpty ? ProtobufCBinaryData(len: 0, data: nil) : bytes.withUnsafeBytes { copy($0) }
  }

  /// Room for `count` items of a repeated field, each taking at most `bound` bytes with its tag, apart from
  /// the content of strings, bytes and messages, and 10 more for the tag and length of a packed field; nil for
  /// none.
  @inlinable
  func items<Item>(_ count: Int, bound: Int) -> UnsafeMutablePointer<Item>? {
    guard count > 0 else { return nil }
    state.pointee.sizeBound &+= count &* bound &+ 10
    return allocate(count * MemoryLayout<Item>.stride).bindMemory(to: Item.self, capacity: count)
  }

  /// `texts` as C's array.
  @inlinable
  public func strings(_ texts: [String]) -> UnsafeMutablePointer<ProtobufCBinaryData>? {
    guard let items: UnsafeMutablePointer<ProtobufCBinaryData> = items(texts.count, bound: 10) else { return nil }
    for (index, text) in texts.enumerated() { items[index] = string(text) }
    return items
  }

  /// `arrays` as C's array.
  @inlinable
  public func byteArrays(_ arrays: [[UInt8]]) -> UnsafeMutablePointer<ProtobufCBinaryData>? {
    guard let items: UnsafeMutablePointer<ProtobufCBinaryData> = items(arrays.count, bound: 10) else { return nil }
    for (index, array) in arrays.enumerated() { items[index] = bytes(array) }
    return items
  }

  /// `numbers` as C's array.
  @inlinable
  public func scalars<Scalar: BitwiseCopyable>(_ numbers: [Scalar]) -> UnsafeMutablePointer<Scalar>? {
    guard let items: UnsafeMutablePointer<Scalar> = items(numbers.count, bound: 15) else { return nil }
    for (index, number) in numbers.enumerated() { items[index] = number }
    return items
  }

  /// `values` as C's array.
  @inlinable
  public func bools(_ values: [Bool]) -> UnsafeMutablePointer<protobuf_c_boolean>? {
    guard let items: UnsafeMutablePointer<protobuf_c_boolean> = items(values.count, bound: 6) else { return nil }
    for (index, value) in values.enumerated() { items[index] = value ? 1 : 0 }
    return items
  }

  /// `values` as C's array; `Raw` is C's enumeration, of 32 bits.
  @inlinable
  public func enums<Raw, Value: EnumValue>(_ values: [Value]) -> UnsafeMutablePointer<Raw>? {
    guard let numbers: UnsafeMutablePointer<Int32> = items(values.count, bound: 15) else { return nil }
    for (index, value) in values.enumerated() { numbers[index] = value.rawValue }
    return UnsafeMutableRawPointer(numbers).assumingMemoryBound(to: Raw.self)
  }

  /// `message` as a C structure, which is of type `Structure`.
  @inlinable
  public func message<Structure>(_ message: some Message) -> UnsafeMutablePointer<Structure> {
    message._store(in: self).assumingMemoryBound(to: Structure.self)
  }

  /// `messages` as C's array of pointers to structures of type `Structure`.
  @inlinable
  public func messages<Structure, Element: Message>(
    _ messages: [Element]
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<Structure>?>? {
    guard let items: UnsafeMutablePointer<UnsafeMutablePointer<Structure>?> = items(messages.count, bound: 10) else {
      return nil
    }
    for (index, element) in messages.enumerated() { items[index] = message(element) }
    return items
  }

  /// Room for the pointers to `count` map entries, at least one, which generated code fills.
  @inlinable
  public func entries<Structure>(
    _ type: Structure.Type, _ count: Int
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<Structure>?> {
    state.pointee.sizeBound &+= count &* 10
    let stride = MemoryLayout<UnsafeMutablePointer<Structure>?>.stride
    return allocate(count * stride).bindMemory(to: UnsafeMutablePointer<Structure>?.self, capacity: count)
  }
}
