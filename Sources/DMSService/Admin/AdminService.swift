internal import DMSAPI
internal import DMSDomain
internal import DMSStorage
internal import Foundation
internal import ProtobufC
internal import RPC

/// `dms.admin.v1.AdminService`.
struct AdminService: Sendable {
  let environment: ServiceEnvironment

  init(_ environment: ServiceEnvironment) {
    self.environment = environment
  }

  /// Items of one upsert at most.
  static let itemsMax = 1_000
}

extension AdminService {
  func whoAmI(_ request: WhoAmIRequest, context: ServerContext) async throws -> WhoAmIResponse {
    let caller = try context.caller
    let stored = try await environment.store.read { transaction in
      try transaction.principal(caller.principal.id)
    }
    guard let stored else { throw ServiceError.credentialInvalid }
    let today = try environment.calendar.businessDate(of: environment.now())
    return .with {
      $0.principal = PrincipalWire.message(stored)
      $0.serverVersion = ServerVersion.text
      $0.revision = environment.store.changes.currentRevision
      $0.timeZone = environment.calendar.timeZone.identifier
      $0.businessDate = today.description
    }
  }
}

extension AdminService: AdminServiceHandler {}
