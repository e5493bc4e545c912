public import DMSAPI
public import RPC

extension DMSClient.Orders {
  /// Stores a draft. Nothing is judged, reserved or booked.
  ///
  /// Errors: NOT_FOUND (dealer); ALREADY_EXISTS `ALREADY_EXISTS` (order id) or `REQUEST_ID_REUSED`.
  public func createOrder(
    _ request: CreateOrderRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> CreateOrderResponse {
    try await core.write(request, options, stub.createOrder)
  }

  /// Changes the named fields of a draft.
  ///
  /// Errors: NOT_FOUND; FAILED_PRECONDITION `WRONG_STATE`; ABORTED `ETAG_MISMATCH`;
  /// ALREADY_EXISTS `REQUEST_ID_REUSED`.
  public func updateOrder(
    _ request: UpdateOrderRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> UpdateOrderResponse {
    try await core.write(request, options, stub.updateOrder)
  }

  /// Judges an order by every rule as if it were submitted now, and stores nothing.
  ///
  /// Errors: NOT_FOUND (dealer, order).
  public func validateOrder(
    _ request: ValidateOrderRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> ValidateOrderResponse {
    try await core.read(request, options, stub.validateOrder)
  }

  /// Submits a draft: judges every rule, reserves stock and books credit, all or nothing;
  /// the order comes to rest in APPROVED or IN_REVIEW. A blocked draft stays a draft, with the
  /// decision on its timeline.
  ///
  /// Errors: NOT_FOUND; FAILED_PRECONDITION `WRONG_STATE`, `RULE_BLOCKED` (a `PreconditionFailure`
  /// violation for each rule); ABORTED `ETAG_MISMATCH`; ALREADY_EXISTS `REQUEST_ID_REUSED`.
  public func submitOrder(
    _ request: SubmitOrderRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> SubmitOrderResponse {
    try await core.write(request, options, stub.submitOrder)
  }

  /// Creates and submits in one commit. A blocked order is not kept.
  ///
  /// Errors: NOT_FOUND (dealer); FAILED_PRECONDITION `RULE_BLOCKED`; ALREADY_EXISTS
  /// `ALREADY_EXISTS` (order id) or `REQUEST_ID_REUSED`.
  public func placeOrder(
    _ request: PlaceOrderRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> PlaceOrderResponse {
    try await core.write(request, options, stub.placeOrder)
  }

  /// Approves, rejects, or returns to its author an order that is IN_REVIEW. Approval judges
  /// credit and stock again in its own commit.
  ///
  /// Errors: NOT_FOUND; FAILED_PRECONDITION `WRONG_STATE`, `RULE_BLOCKED`; ABORTED
  /// `ETAG_MISMATCH`; PERMISSION_DENIED `REVIEWER_IS_SUBMITTER`, `ROLE_MISSING`; ALREADY_EXISTS
  /// `REQUEST_ID_REUSED`.
  public func reviewOrder(
    _ request: ReviewOrderRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> ReviewOrderResponse {
    try await core.write(request, options, stub.reviewOrder)
  }

  /// Cancels an order of which nothing has shipped; stock and credit are released in the same
  /// commit.
  ///
  /// Errors: NOT_FOUND; FAILED_PRECONDITION `WRONG_STATE`; ABORTED `ETAG_MISMATCH`; ALREADY_EXISTS
  /// `REQUEST_ID_REUSED`.
  public func cancelOrder(
    _ request: CancelOrderRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> CancelOrderResponse {
    try await core.write(request, options, stub.cancelOrder)
  }

  /// Returns one order.
  ///
  /// Errors: NOT_FOUND.
  public func getOrder(
    _ request: GetOrderRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> GetOrderResponse {
    try await core.read(request, options, stub.getOrder)
  }

  /// Lists orders, newest business date first unless `order_by` says otherwise.
  ///
  /// Errors: INVALID_ARGUMENT `INVALID_FILTER`, `INVALID_PAGE_TOKEN`.
  public func listOrders(
    _ request: ListOrdersRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> ListOrdersResponse {
    try await core.read(request, options, stub.listOrders)
  }

  /// Returns what has happened to an order, oldest first, with every decision and its figures.
  ///
  /// Errors: NOT_FOUND; INVALID_ARGUMENT `INVALID_PAGE_TOKEN`.
  public func getOrderTimeline(
    _ request: GetOrderTimelineRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> GetOrderTimelineResponse {
    try await core.read(request, options, stub.getOrderTimeline)
  }

  /// Publishes a new version of the rule set; it judges every order from the next commit on.
  ///
  /// Errors: ABORTED `ETAG_MISMATCH`; ALREADY_EXISTS `REQUEST_ID_REUSED`.
  public func publishRuleSet(
    _ request: PublishRuleSetRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> PublishRuleSetResponse {
    try await core.write(request, options, stub.publishRuleSet)
  }

  /// Returns a version of the rule set.
  ///
  /// Errors: NOT_FOUND.
  public func getRuleSet(
    _ request: GetRuleSetRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> GetRuleSetResponse {
    try await core.read(request, options, stub.getRuleSet)
  }
}
