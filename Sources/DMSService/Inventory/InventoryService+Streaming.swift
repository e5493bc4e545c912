internal import DMSAPI
internal import DMSDomain
internal import DMSStorage
internal import ProtobufC
internal import RPC

extension InventoryService {
  func streamInventory(
    _ requests: RequestStream<StreamInventoryRequest>, responses: ResponseWriter<StreamInventoryResponse>,
    context: ServerContext
  ) async throws {
    let caller = try context.caller
    var session: FeedSession?
    for try await request in requests {
      switch request.message {
      case .open(let open):
        guard session == nil else { throw ServiceError.invalidField("open", .duplicate) }
        let opened = try await FeedSession.open(open, caller: caller, environment: environment)
        session = opened.session
        try await responses.write(.with { $0.message = .opened(opened.reply) })
      case .batch(let batch):
        guard let session else { throw ServiceError.invalidField("open", .required) }
        try await responses.write(try await session.apply(batch))
      case nil:
        throw ServiceError.invalidField("message", .required)
      }
    }
    guard session != nil else { throw ServiceError.invalidField("open", .required) }
  }
}
