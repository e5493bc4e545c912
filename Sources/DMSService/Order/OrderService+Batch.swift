internal import DMSAPI
internal import DMSDomain
internal import DMSStorage
internal import ProtobufC
internal import RPC

extension OrderService {
  /// Orders of one batch stream that are placed at once.
  static let batchWindow = 64

  func batchPlaceOrders(
    _ requests: RequestStream<BatchPlaceOrdersRequest>, responses: ResponseWriter<BatchPlaceOrdersResponse>,
    context: ServerContext
  ) async throws {
    let caller = try context.caller
    try await withThrowingTaskGroup(of: BatchPlaceOrdersResponse.self) { group in
      var running = 0
      for try await request in requests {
        if running == Self.batchWindow, let done = try await group.next() {
          running -= 1
          try await responses.write(done)
        }
        group.addTask { try await result(of: request, caller: caller) }
        running += 1
      }
      while let done = try await group.next() { try await responses.write(done) }
    }
  }

  /// Places one order of a batch; what is wrong with it is its result. What would be wrong with every other too ends
  /// the stream: the client sends again what has no result.
  private func result(of request: BatchPlaceOrdersRequest, caller: Caller) async throws -> BatchPlaceOrdersResponse {
    let place = PlaceOrderRequest.with {
      $0.requestID = request.requestID
      $0.order = request.order
    }
    do {
      let reply = try await self.place(place, caller: caller, urgency: .bulk)
      return .with {
        $0.requestID = request.requestID
        if let order = reply.order { $0.result = .order(order) }
      }
    } catch {
      let status = ErrorTable.status(for: error)
      switch status.code {
      case .unavailable, .cancelled, .internal, .unknown, .deadlineExceeded: throw status
      default:
        let details = try RpcStatus(decoding: status.detailsBin ?? [])
        return .with {
          $0.requestID = request.requestID
          $0.result = .error(details)
        }
      }
    }
  }
}
