#if PostgreSQL
  internal import CPostgreSQL

  /// A statement's parameters in the protocol's binary form. Made once for a connection and filled anew for each use.
  final class PostgreSQLParameters {
    private var bytes: [UInt8] = []
    /// Where each parameter begins in `bytes`; −1 for NULL.
    private var starts: [Int] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []
    private var pointers: [UnsafePointer<CChar>?] = []

    /// How much is sent, about.
    var byteCount: Int { bytes.count }

    /// Forgets what was there.
    func removeAll() {
      bytes.removeAll(keepingCapacity: true)
      starts.removeAll(keepingCapacity: true)
      lengths.removeAll(keepingCapacity: true)
    }

    /// Adds one value; throws for text that PostgreSQL cannot store and for what exceeds its limits.
    func append(_ value: SQLValue) throws(DatabaseError) {
      let start = bytes.count
      switch value {
      case .null:
        starts.append(-1)
        lengths.append(0)
        return
      case .integer(let integer): appendInteger(integer)
      case .text(let text): try appendText(text)
      case .blob(let blob): bytes.append(contentsOf: blob)
      }
      try note(start)
    }

    /// Adds an array of the values at `column` of `rows`, as the type `element`.
    func append(arrayOf rows: ArraySlice<[SQLValue]>, at column: Int, element: UInt32) throws(DatabaseError) {
      let start = bytes.count
      appendInteger(Int32(1))
      let flagAt = bytes.count
      appendInteger(Int32(0))
      appendInteger(element)
      appendInteger(Int32(clamping: rows.count))
      appendInteger(Int32(1))
      for row in rows {
        let lengthAt = bytes.count
        appendInteger(Int32(-1))
        switch row[column] {
        case .null:
          bytes[flagAt + 3] = 1
          continue
        case .integer(let integer): appendInteger(integer)
        case .text(let text): try appendText(text)
        case .blob(let blob): bytes.append(contentsOf: blob)
        }
        try patchLength(at: lengthAt)
      }
      try note(start)
    }

    /// Adds an array of 32-bit integers.
    func append(_ integers: [Int32]) throws(DatabaseError) {
      let start = bytes.count
      appendInteger(Int32(1))
      appendInteger(Int32(0))
      appendInteger(PostgreSQLType.int4)
      appendInteger(Int32(clamping: integers.count))
      appendInteger(Int32(1))
      for integer in integers {
        appendInteger(Int32(4))
        appendInteger(integer)
      }
      try note(start)
    }

    /// Lends what libpq wants: count, values, lengths, formats. The pointers do not outlive `body`.
    func withPointers(
      _ body: (
        Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
      ) -> Int32
    ) -> Int32 {
      let count = starts.count
      while formats.count < count { formats.append(1) }
      // An empty value needs an address too: none would mean NULL.
      if bytes.isEmpty { bytes.append(0) }
      return bytes.withUnsafeBytes { buffer -> Int32 in
        pointers.removeAll(keepingCapacity: true)
        for start in starts {
          pointers.append(
            start < 0
              ? nil : buffer.baseAddress.map { ($0 + min(start, buffer.count)).assumingMemoryBound(to: CChar.self) })
        }
        return pointers.withUnsafeBufferPointer { values in
          lengths.withUnsafeBufferPointer { lengths in
            formats.withUnsafeBufferPointer { formats in
              body(Int32(clamping: count), values.baseAddress, lengths.baseAddress, formats.baseAddress)
            }
          }
        }
      }
    }

    private func note(_ start: Int) throws(DatabaseError) {
      guard bytes.count - start <= Self.valueBytesMax else {
        throw DatabaseError(.tooLarge, message: "a value is larger than PostgreSQL takes")
      }
      starts.append(start)
      lengths.append(Int32(bytes.count - start))
    }

    private func appendText(_ text: String) throws(DatabaseError) {
      let start = bytes.count
      bytes.append(contentsOf: text.utf8)
      guard !bytes[start...].contains(0) else {
        throw DatabaseError(.constraint(.dataType), message: "text with U+0000")
      }
    }

    private func appendInteger<Integer: FixedWidthInteger>(_ integer: Integer) {
      withUnsafeBytes(of: integer.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// Writes how much came after the four bytes at `place` into them.
    private func patchLength(at place: Int) throws(DatabaseError) {
      let length = bytes.count - place - 4
      guard length <= Self.valueBytesMax else {
        throw DatabaseError(.tooLarge, message: "a value is larger than PostgreSQL takes")
      }
      let encoded = UInt32(length)
      for index in 0..<4 { bytes[place + index] = UInt8(truncatingIfNeeded: encoded >> UInt32(24 - 8 * index)) }
    }

    /// The server allocates at most a gibibyte for one value.
    private static let valueBytesMax = 1 << 30 - 1
  }
#endif
