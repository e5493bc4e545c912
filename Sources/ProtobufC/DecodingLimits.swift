/// How much memory decoding one message may take, as a multiple of its size.
///
/// A repeated empty sub-message takes two bytes on the wire and can take hundreds in memory; the limit keeps
/// such input from costing more than any honest message of its size. It counts the C runtime's memory, which
/// lives during decoding only; the Swift value's is in proportion.
public struct DecodingLimits: Sendable, Hashable {
  /// Bytes of memory for each byte of input, at least 1.
  public var memoryMultiple: Int
  /// Bytes of memory that are allowed whatever the size.
  public var memoryFloorBytes: Int

  /// Limits of `memoryMultiple` bytes for each byte of input, `memoryFloorBytes` at least.
  public init(memoryMultiple: Int = 32, memoryFloorBytes: Int = 64 * 1024) {
    self.memoryMultiple = memoryMultiple
    self.memoryFloorBytes = memoryFloorBytes
  }

  /// 32 bytes for each byte of input, and at least 64 KiB.
  public static let `default` = DecodingLimits()

  /// The limit in bytes for a message of `byteCount` bytes.
  @usableFromInline
  func memoryBytes(for byteCount: Int) -> Int {
    let (scaled, overflow) = byteCount.multipliedReportingOverflow(by: max(memoryMultiple, 1))
    return overflow ? .max : max(scaled, memoryFloorBytes)
  }
}
