internal import Foundation

/// What a codec benchmark is told: the bytes of one encoded order, and for how long to measure.
public struct CodecArguments: Sendable {
  /// The encoded order.
  public let bytes: [UInt8]
  /// How long each of the two measurements takes, in seconds.
  public let seconds: Double

  /// Reads `ORDER SECONDS` from the command line; nil when that is not what stands there.
  public init?(_ arguments: [String] = CommandLine.arguments) {
    guard arguments.count == 3, let seconds = Double(arguments[2]), seconds > 0,
      let data = FileManager.default.contents(atPath: arguments[1])
    else { return nil }
    self.bytes = [UInt8](data)
    self.seconds = seconds
  }
}

/// Runs `step` for about `seconds`, after a quarter of that to warm up, and returns the nanoseconds that one took.
@inlinable
public func nanoseconds(seconds: Double, _ step: () throws -> Void) rethrows -> Double {
  _ = try measure(seconds: seconds / 4, step)
  return try measure(seconds: seconds, step)
}

@inlinable
@inline(__always)
func measure(seconds: Double, _ step: () throws -> Void) rethrows -> Double {
  let clock = ContinuousClock()
  let start = clock.now
  let limit = Duration.seconds(seconds)
  var steps = 0
  while true {
    for _ in 0..<1000 { try step() }
    steps += 1000
    let taken = clock.now - start
    if taken >= limit { return taken / .nanoseconds(steps) }
  }
}

/// Prints the result of a codec benchmark the way the runner reads it: one line of JSON.
public func reportCodec(decodeNanoseconds: Double, encodeNanoseconds: Double, bytes: Int, checksum: Int64) {
  print(
    """
    {"decode_ns": \(decodeNanoseconds), "encode_ns": \(encodeNanoseconds), "bytes": \(bytes), "checksum": \(checksum)}
    """)
}
