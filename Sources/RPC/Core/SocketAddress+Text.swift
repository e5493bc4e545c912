internal import NIOCore

extension SocketAddress {
  /// Address and port as people write them.
  var text: String {
    switch self {
    case .v4: "\(ipAddress ?? "?"):\(port ?? 0)"
    case .v6: "[\(ipAddress ?? "?")]:\(port ?? 0)"
    case .unixDomainSocket: "unix:\(pathname ?? "")"
    }
  }

  /// Whether it can only be reached from this machine.
  var isLoopback: Bool {
    switch self {
    case .v4: (ipAddress ?? "").hasPrefix("127.")
    case .v6: ipAddress == "::1" || (ipAddress ?? "").hasPrefix("::ffff:127.")
    case .unixDomainSocket: true
    }
  }
}
