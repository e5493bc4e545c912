import DMSAPI
import ProtobufC
import RPC
import Synchronization

/// A book of orders that keeps replies by request id, with the faults that a test asks for.
final class StubBook: Sendable {
  private struct State {
    var placed: [String: Order] = [:]
    var streams = 0
    var overloaded: Set<String> = []
  }

  /// The stream breaks between the commit and the answer of every so many-th order; 0 for never.
  private let breakEvery: Int
  /// Dealers whose orders are blocked.
  private let blocked: Set<String>
  /// Dealers whose orders meet a full queue at their first try.
  private let busy: Set<String>
  private let state = Mutex(State())

  init(breakEvery: Int = 0, blocked: Set<String> = [], busy: Set<String> = []) {
    self.breakEvery = breakEvery
    self.blocked = blocked
    self.busy = busy
  }

  /// Orders by request id.
  var placed: [String: Order] { state.withLock { $0.placed } }

  /// Streams that were opened.
  var streams: Int { state.withLock { $0.streams } }

  /// BatchPlaceOrders over this book.
  var service: ServiceDefinition {
    .stub(
      bidirectional(OrderServiceMethods.batchPlaceOrders) { requests, responses in
        try await self.serve(requests, responses)
      })
  }

  private func serve(
    _ requests: RequestStream<BatchPlaceOrdersRequest>, _ responses: ResponseWriter<BatchPlaceOrdersResponse>
  ) async throws {
    state.withLock { $0.streams += 1 }
    for try await request in requests {
      let (response, isBreak) = try place(request)
      if isBreak { throw RPCError(.unavailable, "the connection is lost") }
      try await responses.write(response)
    }
  }

  private func place(_ request: BatchPlaceOrdersRequest) throws -> (BatchPlaceOrdersResponse, isBreak: Bool) {
    let blockedStatus = try errorStatus(.failedPrecondition, "blocked", reason: "RULE_BLOCKED")
    let busyStatus = try errorStatus(.resourceExhausted, "the queue is full", reason: "OVERLOADED")
    return state.withLock { state in
      var response = BatchPlaceOrdersResponse()
      response.requestID = request.requestID
      let dealer = request.order?.dealerID ?? ""
      var isNew = false
      if blocked.contains(dealer) {
        response.result = .error(blockedStatus)
      } else if busy.contains(dealer), state.overloaded.insert(request.requestID).inserted {
        response.result = .error(busyStatus)
      } else {
        let order =
          state.placed[request.requestID]
          ?? Order.with {
            $0.orderID = "O-\(state.placed.count + 1)"
            $0.dealerID = dealer
          }
        isNew = state.placed.updateValue(order, forKey: request.requestID) == nil
        response.result = .order(order)
      }
      return (response, isNew && breakEvery > 0 && state.placed.count % breakEvery == 0)
    }
  }
}
