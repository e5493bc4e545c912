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
    try await withThrowingTaskGroup(of: BatchStep.self) { group in
      var placing = 0
      var isReading = false
      var hasMore = true
      // The next order is read by a task of its own: a client may wait for results before it sends another one, and
      // a failure must end the stream although no order comes.
      while true {
        if hasMore, !isReading, placing < Self.batchWindow {
          isReading = true
          group.addTask {
            var next = requests.makeAsyncIterator()
            return .read(try await next.next())
          }
        }
        guard let step = try await group.next() else { return }
        switch step {
        case .read(let request?):
          isReading = false
          placing += 1
          group.addTask { .placed(try await result(of: request, caller: caller)) }
        case .read(nil):
          isReading = false
          hasMore = false
        case .placed(let response):
          placing -= 1
          try await responses.write(response)
        }
      }
    }
  }

  /// What a task of a batch came to.
  private enum BatchStep: Sendable {
    /// An order came, or the last one has come.
    case read(BatchPlaceOrdersRequest?)
    /// An order has its result.
    case placed(BatchPlaceOrdersResponse)
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
