public import DMSAPI
public import RPC

extension DMSClient {
  /// Orders, from draft to completion.
  ///
  /// Every method throws ``DMSError``. A write makes its request id before the first try unless its
  /// request has one, keeps it over retries, and hands it out with the error when all tries failed.
  public struct Orders: Sendable {
    let core: CallCore
    let stub: OrderServiceClient

    init(core: CallCore) {
      self.core = core
      self.stub = OrderServiceClient(core.caller)
    }

    /// Creates and submits an order in one commit, and returns it APPROVED or IN_REVIEW.
    ///
    /// `requestID` makes a repeat harmless: store it with your document before the call, or derive
    /// it from the document. Throws FAILED_PRECONDITION `RULE_BLOCKED` with a precondition violation
    /// for each rule that stands against the order.
    public func place(
      _ draft: OrderDraft, requestID: RequestID = RequestID(), options: CallOptions = CallOptions()
    ) async throws(DMSError) -> Order {
      var request = PlaceOrderRequest()
      request.requestID = requestID.text
      request.order = draft
      return try answered(try await placeOrder(request, options: options).order)
    }

    /// Returns one order. Throws NOT_FOUND when there is none that the caller may see.
    public func get(
      _ orderID: String, options: CallOptions = CallOptions()
    ) async throws(DMSError) -> Order {
      var request = GetOrderRequest()
      request.orderID = orderID
      return try answered(try await getOrder(request, options: options).order)
    }

    /// Every order that `filter` lets through, page by page as they are read.
    ///
    /// `filter` holds comparisons joined by AND, such as `state = "IN_REVIEW"`; `orderBy` is
    /// `business_date desc` when empty. `omitLines` leaves the lines out. See ``PagedSequence``.
    public func list(
      filter: String = "", orderBy: String = "", omitLines: Bool = false, pageSize: Int32 = 200
    ) -> PagedSequence<Order> {
      var request = ListOrdersRequest()
      request.filter = filter
      request.orderBy = orderBy
      request.omitLines = omitLines
      request.pageSize = pageSize
      return list(request)
    }

    /// Every order that `request` asks for, from its page on.
    public func list(
      _ request: ListOrdersRequest, options: CallOptions = CallOptions()
    ) -> PagedSequence<Order> {
      core.pages(request, options, stub.listOrders)
    }

    /// What has happened to an order, oldest first, page by page as it is read.
    public func timeline(
      of orderID: String, pageSize: Int32 = 200, options: CallOptions = CallOptions()
    ) -> PagedSequence<TimelineEntry> {
      var request = GetOrderTimelineRequest()
      request.orderID = orderID
      request.pageSize = pageSize
      return core.pages(request, options, stub.getOrderTimeline)
    }

    /// Changes of orders in the order of their commits, each at least once, over breaks of the
    /// connection. Only those of one dealer or of one order, when an id is given.
    ///
    /// See ``WatchSequence`` for what is delivered, and for how to resume in a later run.
    public func watch(
      after start: WatchStart = .now, dealerID: String = "", orderID: String = "",
      options: CallOptions = CallOptions()
    ) -> OrderWatch {
      var request = WatchOrdersRequest()
      request.dealerID = dealerID
      request.orderID = orderID
      return core.watch(from: start, options) { [request, stub] revision, options in
        var request = request
        request.afterRevision = revision
        return stub.watchOrders(request, options: options)
      }
    }

    /// Opens one raw stream of BatchPlaceOrders; ``placeAll(_:options:onResult:)`` does it with a
    /// window and resumes.
    ///
    /// Throws ``DMSError`` for a failed call, and what `body` throws.
    public func batchPlaceOrders<Result: Sendable>(
      options: CallOptions = CallOptions(),
      _ body: (RequestWriter<BatchPlaceOrdersRequest>, ResponseStream<BatchPlaceOrdersResponse>) async throws -> Result
    ) async throws -> Result {
      do {
        return try await stub.batchPlaceOrders(options: core.streamOptions(options), body)
      } catch let error as RPCError {
        throw DMSError(error)
      }
    }
  }
}

extension DMSClient.Orders {
  private func answered(_ order: Order?) throws(DMSError) -> Order {
    guard let order else { throw DMSError(.internal, "the server answered without the order") }
    return order
  }
}
