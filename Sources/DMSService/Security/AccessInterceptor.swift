internal import DMSAPI
package import DMSDomain
internal import Logging
package import RPC

/// Lets a call through when its credential is good and the permission table allows its method; turns whatever the
/// handler throws into a status.
///
/// A method that the table lacks is refused to everybody.
package struct AccessInterceptor: ServerInterceptor {
  private let verifier: KeyVerifier
  private let throttle: AttemptThrottle
  private let now: @Sendable () -> InstantMicros
  /// Services that anybody may call, such as health checks, by full name.
  private let openServices: Set<String>
  /// Services that anybody with a good credential may call, whatever the roles, by full name.
  private let rolelessServices: Set<String>

  /// A connection on which no credential was good is ended after a while.
  package let decidesAcceptance = true

  package init(
    verifier: KeyVerifier, throttle: AttemptThrottle = AttemptThrottle(), openServices: Set<String> = [],
    rolelessServices: Set<String> = [], now: @escaping @Sendable () -> InstantMicros
  ) {
    self.verifier = verifier
    self.throttle = throttle
    self.openServices = openServices
    self.rolelessServices = rolelessServices
    self.now = now
  }

  package func intercept(_ context: ServerContext, next: @Sendable () async throws -> Void) async throws {
    do {
      if openServices.contains(context.descriptor.service) {
        context.accept()
      } else {
        let principal = try await admit(context)
        context.accept()
        if !rolelessServices.contains(context.descriptor.service) {
          context[CallerKey.self] = try Self.authorise(principal, for: context.descriptor)
        }
      }
      try await next()
    } catch {
      throw ErrorTable.status(for: error)
    }
  }

  /// Whose credential it is.
  private func admit(_ context: ServerContext) async throws -> DMSDomain.Principal {
    let source = Self.host(of: context.peer.address)
    func throttled() throws {
      let wait = throttle.waitSeconds(source, now: now())
      guard wait == 0 else { throw ServiceError.tooManyAttempts(retryAfterSeconds: wait) }
    }
    guard let credential = context.metadata.first("authorization") else { throw ServiceError.credentialMissing }
    let principal: DMSDomain.Principal
    do {
      guard let secret = Self.bearer(credential).flatMap({ ApiKeySecret($0) }) else {
        try throttled()
        throw ServiceError.credentialInvalid
      }
      principal = try await verifier.principal(of: secret, beforeLookup: throttled)
    } catch ServiceError.credentialInvalid {
      throttle.failed(source, now: now())
      throw ServiceError.credentialInvalid
    }
    throttle.succeeded(source)
    return principal
  }

  /// The caller, if the table allows the method to one of its roles; throws `ROLE_MISSING` otherwise.
  package static func authorise(_ principal: DMSDomain.Principal, for method: MethodDescriptor) throws -> Caller {
    guard let permission = Permissions.table[method.path] else {
      throw ServiceError.roleMissing(method: method.method, roles: [])
    }
    var scopes = principal.scopes(of: permission.roles.union([.admin]))
    if permission.reach == .brand { scopes = scopes.filter(\.coversBrand) }
    guard !scopes.isEmpty else {
      throw ServiceError.roleMissing(method: method.method, roles: permission.roles.map { $0.name }.sorted())
    }
    return Caller(principal: principal, scopes: scopes)
  }

  private static func bearer(_ credential: String) -> Substring? {
    let prefix = "bearer "
    guard credential.count > prefix.count, credential.prefix(prefix.count).lowercased() == prefix else { return nil }
    return credential.dropFirst(prefix.count)
  }

  /// The address without its port.
  private static func host(of address: String) -> String {
    guard let colon = address.lastIndex(of: ":") else { return address }
    return String(address[..<colon])
  }
}
