public import NIOCore
internal import NIOPosix

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// Finds the addresses of servers' names.
public protocol NameResolver: Sendable {
  /// The addresses of `host`, in the order in which they are to be tried; `port` is what they have unless the resolver
  /// knows better.
  ///
  /// Called on no event loop, one look-up of a client at a time, and cancelled when it takes longer than the client's
  /// `connectTimeout`. An empty answer counts as a failure.
  func addresses(of host: String, port: Int) async throws -> [SocketAddress]
}

/// Asks the operating system: its hosts file, its DNS servers, and whatever else it is set up for.
///
/// All addresses of the name are returned, IPv4 and IPv6 by turns, beginning with the one that the system prefers. The
/// system's call blocks a thread of NIO's pool for blocking work, and cannot be cancelled.
public struct SystemResolver: NameResolver {
  /// The resolver; it holds nothing.
  public init() {}

  public func addresses(of host: String, port: Int) async throws -> [SocketAddress] {
    try await NIOThreadPool.singleton.runIfActive { try Self.lookUp(host, port) }
  }

  private static func lookUp(_ host: String, _ port: Int) throws -> [SocketAddress] {
    guard !host.utf8.contains(0) else { throw RPCError(.unavailable, "a name cannot hold a NUL") }
    var hints = addrinfo()
    #if canImport(Glibc)
      hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    #else
      hints.ai_socktype = SOCK_STREAM
    #endif
    var first: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, String(port), &hints, &first)
    guard code == 0 else {
      throw RPCError(.unavailable, gai_strerror(code).map { String(cString: $0) } ?? "error \(code)")
    }
    defer { freeaddrinfo(first) }
    var found: [SocketAddress] = []
    var next = first
    while let entry = next?.pointee {
      next = entry.ai_next
      guard let address = Self.address(entry), !found.contains(address) else { continue }
      found.append(address)
    }
    return byTurns(found)
  }

  private static func address(_ entry: addrinfo) -> SocketAddress? {
    guard let raw = UnsafeRawPointer(entry.ai_addr) else { return nil }
    let size = Int(entry.ai_addrlen)
    if entry.ai_family == AF_INET, size >= MemoryLayout<sockaddr_in>.size {
      return SocketAddress(raw.loadUnaligned(as: sockaddr_in.self))
    }
    if entry.ai_family == AF_INET6, size >= MemoryLayout<sockaddr_in6>.size {
      return SocketAddress(raw.loadUnaligned(as: sockaddr_in6.self))
    }
    return nil
  }

  /// The addresses of both families by turns (RFC 8305), each family in its order: one family that leads nowhere costs
  /// one attempt, not all of them.
  package static func byTurns(_ addresses: [SocketAddress]) -> [SocketAddress] {
    guard let preferred = addresses.first?.protocol else { return [] }
    let one = addresses.filter { $0.protocol == preferred }
    let other = addresses.filter { $0.protocol != preferred }
    var result: [SocketAddress] = []
    for index in 0..<max(one.count, other.count) {
      if index < one.count { result.append(one[index]) }
      if index < other.count { result.append(other[index]) }
    }
    return result
  }
}
