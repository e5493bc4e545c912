public import Tracing

/// Where a call stands in a distributed trace: the `traceparent` and `tracestate` of W3C Trace Context.
public struct TraceParent: Sendable, Hashable {
  /// The trace: 32 hexadecimal digits in lower case, not all zero.
  public let traceID: String

  /// The caller's span: 16 hexadecimal digits in lower case, not all zero.
  public let spanID: String

  /// Whether the caller records its span.
  public let isSampled: Bool

  /// What vendors add, as it came; empty for nothing. At most ``stateBytesMax`` bytes.
  public let state: String

  /// A longer `tracestate` is dropped.
  public static let stateBytesMax = 512

  /// What metadata carry; nil when there is no `traceparent`, more than one, or one that is malformed.
  public init?(_ metadata: Metadata) {
    var parent: String?
    var states: [String] = []
    for field in metadata {
      guard case .text(let text) = field.value else { continue }
      if field.name == "traceparent" {
        guard parent == nil else { return nil }
        parent = text
      } else if field.name == "tracestate" {
        states.append(text)
      }
    }
    guard let parent else { return nil }
    self.init(parent, state: states.joined(separator: ","))
  }

  /// Reads the value of a `traceparent`; nil when it is malformed.
  public init?(_ text: String, state: String = "") {
    let bytes = Array(text.utf8.prefix(Self.length + 1))
    // A later version may append fields; what it has in common with this one is read.
    guard bytes.count >= Self.length, bytes[2] == Self.dash, bytes[35] == Self.dash, bytes[52] == Self.dash,
      bytes.count == Self.length || (bytes[Self.length] == Self.dash && !bytes[0..<2].elementsEqual("00".utf8)),
      Self.isHex(bytes[0..<2]), !bytes[0..<2].elementsEqual("ff".utf8),
      Self.isHex(bytes[3..<35]), bytes[3..<35].contains(where: { $0 != Self.zero }),
      Self.isHex(bytes[36..<52]), bytes[36..<52].contains(where: { $0 != Self.zero }),
      Self.isHex(bytes[53..<55])
    else { return nil }
    traceID = String(decoding: bytes[3..<35], as: UTF8.self)
    spanID = String(decoding: bytes[36..<52], as: UTF8.self)
    isSampled = UInt8(String(decoding: bytes[53..<55], as: UTF8.self), radix: 16).map { $0 & 1 == 1 } ?? false
    self.state = state.utf8.count <= Self.stateBytesMax ? state : ""
  }

  /// The value of the `traceparent` that says the same.
  public var text: String { "00-\(traceID)-\(spanID)-0\(isSampled ? 1 : 0)" }

  private static let length = 55
  private static let dash = UInt8(ascii: "-")
  private static let zero = UInt8(ascii: "0")

  private static func isHex(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }
}

extension ServiceContext {
  private enum Key: ServiceContextKey {
    typealias Value = TraceParent
    static let nameOverride: String? = "traceparent"
  }

  /// Where the caller stands in a W3C trace; set by ``ServerTracing`` for the handler's task.
  public var traceParent: TraceParent? {
    get { self[Key.self] }
    set { self[Key.self] = newValue }
  }
}

/// Lets an instrument read what it carries along from a call's metadata.
struct MetadataExtractor: Extractor {
  func extract(key: String, from carrier: Metadata) -> String? { carrier.first(key) }
}

/// Lets an instrument put what it carries along into a call's metadata.
struct MetadataInjector: Injector {
  func inject(_ value: String, forKey key: String, into carrier: inout Metadata) { carrier.set(key, value) }
}
