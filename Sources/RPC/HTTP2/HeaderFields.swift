internal import CNGHTTP2

/// A block of headers to send.
package struct HeaderFields {
  private enum Storage {
    case fixed(FixedHeaders)
    case built(BuiltHeaders)
  }

  private var storage: Storage

  /// An empty block, to add to.
  package init() { storage = .built(BuiltHeaders()) }

  /// A block made once that costs nothing to send. It is never freed: keep it in a `static let`.
  package init(fixed fields: [(StaticString, StaticString)]) { storage = .fixed(FixedHeaders(fields)) }

  /// Adds a field. The name is lower-case; the value holds no line breaks and no NUL.
  package mutating func add(_ name: String, _ value: String) {
    switch storage {
    case .fixed(let fixed):
      storage = .built(fixed.copy)
      add(name, value)
    case .built(var built):
      storage = .built(BuiltHeaders())
      built.add(name, value)
      storage = .built(built)
    }
  }

  /// Adds every field that may travel as metadata; what HTTP forbids in a name is left out, and in a text it
  /// becomes `?`: a handler's careless value must not end the connection.
  package mutating func add(_ metadata: Metadata) {
    for field in metadata where Metadata.isSendable(name: field.name) {
      switch field.value {
      case .text(let text): add(field.name, text.asHeaderValue)
      case .binary(let bytes): add(field.name, Base64.encode(bytes))
      }
    }
  }

  /// Lends the fields in nghttp2's form; they are valid during the call alone.
  func withFields<R>(_ body: (UnsafePointer<nghttp2_nv>?, Int) -> R) -> R {
    switch storage {
    case .fixed(let fixed): body(fixed.fields.baseAddress, fixed.fields.count)
    case .built(let built): built.withFields(body)
    }
  }
}

/// Headers in memory that is never freed, which nghttp2 may refer to instead of copying.
///
/// `@unchecked Sendable`: the memory is written in `init` and never again.
private final class FixedHeaders: @unchecked Sendable {
  let fields: UnsafeBufferPointer<nghttp2_nv>

  init(_ headers: [(StaticString, StaticString)]) {
    let fields = UnsafeMutableBufferPointer<nghttp2_nv>.allocate(capacity: headers.count)
    let flags = UInt8(NGHTTP2_NV_FLAG_NO_COPY_NAME.rawValue | NGHTTP2_NV_FLAG_NO_COPY_VALUE.rawValue)
    for (index, (name, value)) in headers.enumerated() {
      fields.initializeElement(
        at: index,
        to: nghttp2_nv(
          name: UnsafeMutablePointer(mutating: name.utf8Start), value: UnsafeMutablePointer(mutating: value.utf8Start),
          namelen: name.utf8CodeUnitCount, valuelen: value.utf8CodeUnitCount, flags: flags))
    }
    self.fields = UnsafeBufferPointer(fields)
  }

  var copy: BuiltHeaders {
    var built = BuiltHeaders()
    for field in fields {
      built.add(
        String(decoding: UnsafeBufferPointer(start: field.name, count: field.namelen), as: UTF8.self),
        String(decoding: UnsafeBufferPointer(start: field.value, count: field.valuelen), as: UTF8.self))
    }
    return built
  }
}

/// Headers whose bytes stand one after another in one array.
private struct BuiltHeaders {
  private var bytes: [UInt8] = []
  private var lengths: [(name: Int, value: Int)] = []

  mutating func add(_ name: String, _ value: String) {
    bytes.append(contentsOf: name.utf8)
    bytes.append(contentsOf: value.utf8)
    lengths.append((name.utf8.count, value.utf8.count))
  }

  func withFields<R>(_ body: (UnsafePointer<nghttp2_nv>?, Int) -> R) -> R {
    bytes.withUnsafeBufferPointer { bytes in
      withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: lengths.count) { fields in
        var position = UnsafeMutablePointer(mutating: bytes.baseAddress)
        for (index, length) in lengths.enumerated() {
          let value = position.map { $0 + length.name }
          fields.initializeElement(
            at: index,
            to: nghttp2_nv(
              name: position, value: value, namelen: length.name, valuelen: length.value,
              flags: UInt8(NGHTTP2_NV_FLAG_NONE.rawValue)))
          position = value.map { $0 + length.value }
        }
        return body(UnsafePointer(fields.baseAddress), lengths.count)
      }
    }
  }
}

extension String {
  /// The text with every byte that a header value cannot carry as `?`.
  fileprivate var asHeaderValue: String {
    guard utf8.contains(where: { $0 < 0x20 || $0 > 0x7E }) else { return self }
    return String(decoding: utf8.map { $0 < 0x20 || $0 > 0x7E ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
  }
}
