/// The served methods, found by the bytes of a request's path.
struct MethodTable: Sendable {
  private struct Entry {
    let path: [UInt8]
    let method: BoundMethod
  }

  private var entries: [UInt64: [Entry]] = [:]
  private var services: Set<String> = []

  /// A table of all methods; of two with one path the later is found.
  init(_ services: [ServiceDefinition], observers: [any ServerObserver] = []) {
    for service in services {
      self.services.insert(service.name)
      for method in service.methods {
        let path = Array(method.descriptor.path.utf8)
        let hash = path.withUnsafeBytes { Self.hash($0) }
        var bucket = entries[hash, default: []]
        bucket.removeAll { $0.path == path }
        bucket.append(Entry(path: path, method: BoundMethod(method, observers: observers)))
        entries[hash] = bucket
      }
    }
  }

  /// The method of a path, or nil.
  func method(_ path: UnsafeRawBufferPointer) -> BoundMethod? {
    guard let bucket = entries[Self.hash(path)] else { return nil }
    return bucket.first { $0.path.count == path.count && path.elementsEqual($0.path) }?.method
  }

  /// What to tell the caller of a path that is not served.
  func unknown(_ path: String) -> RPCError {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].isEmpty else { return RPCError(.unimplemented, "malformed method name \(path)") }
    guard services.contains(String(parts[1])) else { return RPCError(.unimplemented, "unknown service \(parts[1])") }
    return RPCError(.unimplemented, "unknown method \(parts[2]) of service \(parts[1])")
  }

  /// FNV-1a; the table is fixed, so no caller can make it collide.
  private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash
  }
}

/// A method behind one reference, which a call keeps.
final class BoundMethod: Sendable {
  let descriptor: MethodDescriptor
  let handler: ServerMethod.Handler
  /// Who is told of its calls.
  let observer: (any MethodObserver)?

  init(_ method: ServerMethod, observers: [any ServerObserver]) {
    descriptor = method.descriptor
    handler = method.handler
    observer = MethodObservers.of(method.descriptor, observers)
  }
}
