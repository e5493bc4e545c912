package import NIOCore

/// An address that can be connected to, and what the target calls it.
package struct Endpoint: Sendable, Hashable, CustomStringConvertible {
  /// As the target names it: what certificates and `:authority` are about.
  package let address: Target.Address
  /// Where the connection goes.
  package let socket: SocketAddress

  /// An endpoint of `address` at `socket`.
  package init(address: Target.Address, socket: SocketAddress) {
    self.address = address
    self.socket = socket
  }

  /// Name and address as a person reads them in a log.
  package var description: String {
    let name = address.description
    return name == socket.text ? name : "\(name) (\(socket.text))"
  }

  /// How many a client uses; what a resolver finds beyond them is left out.
  package static let countMax = 256
}

extension Target.Address {
  /// Where to connect, when that takes no look-up; nil for a name.
  ///
  /// - Throws: `TargetError.malformed` for the path of a socket that the system has no room for.
  func fixedSocket() throws(TargetError) -> SocketAddress? {
    switch self {
    case .hostPort(let host, let port):
      return try? SocketAddress(ipAddress: host, port: port)
    case .unix(let path):
      guard let socket = try? SocketAddress(unixDomainSocketPath: path) else { throw .malformed(description) }
      return socket
    }
  }
}

extension Target {
  /// The endpoints of a target without names; nil when there are names in it.
  func fixedEndpoints() throws(TargetError) -> [Endpoint]? {
    var endpoints: [Endpoint] = []
    var hasNames = false
    for address in addresses {
      guard let socket = try address.fixedSocket() else {
        hasNames = true
        continue
      }
      endpoints.append(Endpoint(address: address, socket: socket))
    }
    return hasNames ? nil : endpoints
  }

  /// Looks all names up at the same time. A name whose look-up fails keeps its endpoints of `previous`.
  ///
  /// - Throws: an UNAVAILABLE `RPCError` when nothing is known of any.
  func endpoints(from resolver: any NameResolver, previous: [Endpoint]) async throws(RPCError) -> [Endpoint] {
    let results = await withTaskGroup(of: (Int, Result<[Endpoint], any Error>).self) { group in
      for (index, address) in addresses.enumerated() {
        group.addTask { (index, await address.endpoints(from: resolver)) }
      }
      return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    var endpoints: [Endpoint] = []
    var failure: RPCError?
    for (index, address) in addresses.enumerated() {
      switch results[index] {
      case .success(let found)? where !found.isEmpty:
        endpoints += found
      case .failure(let error)?:
        let reason = (error as? RPCError)?.message ?? "\(error)"
        failure = failure ?? RPCError(.unavailable, "\(address) could not be looked up: \(reason)", cause: error)
        endpoints += previous.filter { $0.address == address }
      case .success?, nil:
        failure = failure ?? RPCError(.unavailable, "\(address) has no address")
        endpoints += previous.filter { $0.address == address }
      }
    }
    if endpoints.isEmpty, let failure { throw failure }
    var seen: Set<SocketAddress> = []
    return Array(endpoints.filter { seen.insert($0.socket).inserted }.prefix(Endpoint.countMax))
  }
}

extension Target.Address {
  fileprivate func endpoints(from resolver: any NameResolver) async -> Result<[Endpoint], any Error> {
    do {
      if let socket = try fixedSocket() { return .success([Endpoint(address: self, socket: socket)]) }
      guard case .hostPort(let host, let port) = self else { return .success([]) }
      return .success(try await resolver.addresses(of: host, port: port).map { Endpoint(address: self, socket: $0) })
    } catch {
      return .failure(error)
    }
  }
}
